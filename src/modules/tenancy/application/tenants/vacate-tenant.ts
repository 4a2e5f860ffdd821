import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { AccountsFacade } from '../../../identity/accounts.facade';
import { Members } from '../members/members.port';
import { ProvideHome } from './provide-home';

/** Takes members out of a tenant that ends. Their accounts stay. Within the caller's unit of work, which holds the tenant. */
@Injectable()
export class VacateTenant {
  constructor(
    private readonly members: Members,
    private readonly accounts: AccountsFacade,
    private readonly home: ProvideHome,
  ) {}

  /** Up to so many of them. Returns whether there are none any more. */
  async execute(tenant: TenantId, limit: number): Promise<boolean> {
    const leaving = await this.members.someOf(tenant, limit);
    for (const user of leaving) await this.leave(tenant, user);
    return leaving.length < limit;
  }

  private async leave(tenant: TenantId, user: UserId): Promise<void> {
    await this.members.take(tenant, user);
    // Who ends the account meanwhile finds the home it gets, or was first, and it gets none.
    const isThere = await this.accounts.hold(user);
    await this.members.remove(tenant, user);
    if (isThere) await this.home.execute(user, tenant);
  }
}
