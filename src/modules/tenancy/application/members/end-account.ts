import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import type { UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type DomainEvent, EventLog } from '../../../../platform/events/event-log';
import { AccountsFacade } from '../../../identity/accounts.facade';
import type { UserView } from '../../../identity/identity.facade';
import { LastOwner } from '../../domain/member-errors';
import { MemberInvitations } from './member-invitations';

/**
 * The end of an account that belongs to no tenant any more, whoever wished it. Invitations are held before tenants, those
 * before memberships, and these before the user: so does everybody who changes several.
 */
@Injectable()
export class EndAccount {
  constructor(
    private readonly invitations: MemberInvitations,
    private readonly accounts: AccountsFacade,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** First of all. Whoever is accepting an invitation to the address is waited for. */
  holdInvitations(email: string, now: Date): Promise<void> {
    return this.invitations.hold(email, now);
  }

  /** When the tenants have been left, before anything that refers to the user is touched. */
  hold(user: UserId): Promise<void> {
    return this.accounts.holdToErase(user);
  }

  /**
   * `ended` is what goes on record, and whoever keeps something of the user lets go of it then. Throws NotFound when the
   * account is gone already, LastOwner for the last system administrator: all of it is to be taken back.
   */
  async execute({ id, email }: Pick<UserView, 'id' | 'email'>, ended: DomainEvent): Promise<void> {
    const outcome = await this.work.overAllTenants(async () => {
      await this.invitations.forget(id, email);
      await this.events.append(ended);
      return this.accounts.erase(id);
    });
    if (outcome === 'gone') throw new NotFound();
    if (outcome === 'last_administrator') throw new LastOwner();
  }
}
