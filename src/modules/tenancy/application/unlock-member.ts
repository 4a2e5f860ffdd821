import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../kernel/domain-error';
import { isUuid, type UserId, userId } from '../../../kernel/ids';
import type { Principal } from '../../../kernel/principal';
import { IdentityFacade } from '../../identity/identity.facade';
import { LockoutFacade } from '../../identity/lockout.facade';
import { TenancyQueries } from './tenancy-queries';

/** Lets a member sign in again who was kept out by wrong passwords. System administrators reach every user. */
@Injectable()
export class UnlockMember {
  constructor(
    private readonly queries: TenancyQueries,
    private readonly identity: IdentityFacade,
    private readonly lockouts: LockoutFacade,
  ) {}

  /** Throws NotFound: of a user of other tenants alone, as of none. */
  async execute(by: Principal, id: string): Promise<void> {
    if (!isUuid(id)) throw new NotFound();
    const user = userId(id);
    if (!(await this.isReachable(by, user))) throw new NotFound();
    await this.lockouts.unlock(user, by);
  }

  private async isReachable(by: Principal, user: UserId): Promise<boolean> {
    if (await this.queries.membershipOf(user, by.tenantId)) return true;
    return by.systemAdministrator && (await this.identity.users.find(user)) !== null;
  }
}
