import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import type { UserId } from '../../../../kernel/ids';
import { IdentityFacade, type UserView } from '../../../identity/identity.facade';
import { accountDeleted } from '../../member.events';
import { DeletionRecord } from './deletion-record';
import { EndAccount } from './end-account';
import { LeaveTenants } from './leave-tenants';

/**
 * Ends an account for good, with all that is personal (GDPR, 17). Tenants nobody else belongs to end with it; in others the
 * user must not be the last owner.
 */
@Injectable()
export class EraseAccount {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly leaving: LeaveTenants,
    private readonly ending: EndAccount,
    private readonly record: DeletionRecord,
  ) {}

  /**
   * `by` is the user; null: an operator. Throws NotFound, also when somebody else was quicker; LastOwner, also for the last
   * system administrator. Nothing is done then.
   */
  async execute(id: UserId, by: UserId | null): Promise<void> {
    const user = await this.identity.users.find(id);
    if (!user) throw new NotFound();
    await this.record.orRefused(id, by, (now) => this.erase(user, by, now));
  }

  private async erase(user: UserView, by: UserId | null, now: Date): Promise<void> {
    await this.ending.holdInvitations(user.email, now);
    const left = await this.leaving.execute(user.id);
    await this.ending.hold(user.id);
    await this.leaving.conclude(user.id, by, left);
    await this.ending.execute(user, accountDeleted(user.id, by));
  }
}
