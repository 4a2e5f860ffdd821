import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type DomainEvent, EventLog } from '../../../../platform/events/event-log';
import { type InvitationEnd, invitationRevoked } from '../../invitation.events';
import { Invitations } from './invitations.port';

/**
 * Whoever invited before anybody had proven the address of the account need not be its owner, in whose name the invited would
 * get their role. When the owner shows, those invitations end in the same transaction (RC-09).
 */
@Injectable()
export class EndSentInvitations {
  constructor(
    private readonly invitations: Invitations,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  onReclaimed(event: DomainEvent): Promise<void> {
    return this.end(event, 'account_reclaimed');
  }

  async onPasswordReset(event: DomainEvent): Promise<void> {
    if (event.details?.first_proof === true) await this.end(event, 'password_reset');
  }

  private async end({ userId, outcome }: DomainEvent, reason: InvitationEnd): Promise<void> {
    if (outcome !== 'success' || userId === null) return;
    await this.work.run((now) => this.work.overAllTenants(() => this.endAll(userId, reason, now)));
  }

  private async endAll(user: UserId, reason: InvitationEnd, now: Date): Promise<void> {
    for (const invitation of await this.invitations.takeOpenBy(user)) {
      if (!invitation.revoke(now)) continue;
      await this.invitations.save(invitation);
      await this.events.append(invitationRevoked(invitation.snapshot(), user, reason));
    }
  }
}
