import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import type { UserId } from '../../../../kernel/ids';
import { AccountsFacade } from '../../../identity/accounts.facade';
import { IdentityFacade, type UserView } from '../../../identity/identity.facade';
import { LastOwner } from '../../domain/member-errors';
import { ForgetInvitations } from '../invitations/forget-invitations';
import { DeletionRecord } from './deletion-record';
import { LeaveTenants } from './leave-tenants';

/**
 * Ends an account for good, with all that is personal (GDPR, 17). Tenants nobody else belongs to end with it; in others the
 * user must not be the last owner.
 */
@Injectable()
export class EraseAccount {
  constructor(
    private readonly identity: IdentityFacade,
    private readonly invitations: ForgetInvitations,
    private readonly leaving: LeaveTenants,
    private readonly accounts: AccountsFacade,
    private readonly record: DeletionRecord,
  ) {}

  /**
   * `by` is the user; null: an operator. Throws NotFound; LastOwner, also for the last system administrator. Nothing is done
   * then.
   */
  async execute(id: UserId, by: UserId | null): Promise<void> {
    const user = await this.identity.users.find(id);
    if (!user) throw new NotFound();
    await this.record.orRefused(id, by, () => this.erase(user, by));
  }

  /** Invitations before tenants before users before sessions, as everybody does who changes several. */
  private async erase({ id, email }: UserView, by: UserId | null): Promise<void> {
    await this.invitations.execute(id, email);
    const departures = await this.leaving.prepare(id);
    if (!(await this.accounts.hold(id))) throw new NotFound();
    await this.leaving.execute(id, departures);
    await this.record.deleted(id, by);
    if (!(await this.accounts.erase(id))) throw new LastOwner();
  }
}
