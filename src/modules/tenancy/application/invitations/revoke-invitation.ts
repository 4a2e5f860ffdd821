import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import type { InvitationId } from '../../domain/invitation-id';
import { invitationRevoked } from '../../invitation.events';
import { Invitations } from './invitations.port';

/** Takes back an invitation of the active tenant. */
@Injectable()
export class RevokeInvitation {
  constructor(
    private readonly invitations: Invitations,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /** Throws NotFound: not there, another tenant's, accepted, or revoked already. */
  async execute({ userId, tenantId }: Principal, id: InvitationId): Promise<void> {
    const revoked = await this.work.run(async (now) => {
      const invitation = await this.invitations.takeIn(tenantId, id);
      if (!invitation?.revoke(now)) return false;
      await this.invitations.save(invitation);
      await this.events.append(invitationRevoked(invitation.snapshot(), userId, 'revoked'));
      return true;
    });
    if (!revoked) throw new NotFound();
  }
}
