import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { EventLog } from '../../../../platform/events/event-log';
import { invitationRevoked } from '../../invitation.events';
import { ForgetInvitations } from '../invitations/forget-invitations';
import { InvitationSecrets } from '../invitations/invitation-secrets';
import { Invitations } from '../invitations/invitations.port';

/** What becomes of the invitations to somebody who leaves. Within the caller's unit of work. */
@Injectable()
export class MemberInvitations {
  constructor(
    private readonly invitations: Invitations,
    private readonly secrets: InvitationSecrets,
    private readonly forgetting: ForgetInvitations,
    private readonly events: EventLog,
  ) {}

  /** Holds those that may be accepted. To be held before tenants, as whoever accepts one does. */
  async hold(email: string, now: Date): Promise<void> {
    await this.invitations.takePendingOf(this.secrets.keyOf(email), now);
  }

  /** Nobody who was removed comes back by an invitation that is older than that. */
  async revoke({ userId, tenantId }: Principal, email: string, now: Date): Promise<void> {
    for (const invitation of await this.invitations.takeAllOf(this.secrets.keyOf(email))) {
      if (invitation.snapshot().tenantId !== tenantId || !invitation.revoke(now)) continue;
      await this.invitations.save(invitation);
      await this.events.append(invitationRevoked(invitation.snapshot(), userId, 'revoked'));
    }
  }

  /** All, of whichever tenant, when the account ends. */
  forget(user: UserId, email: string): Promise<void> {
    return this.forgetting.execute(user, email);
  }
}
