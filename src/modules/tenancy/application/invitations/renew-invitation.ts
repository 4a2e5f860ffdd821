import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import type { InvitationId } from '../../domain/invitation-id';
import { invitationResent } from '../../invitation.events';
import { InvitationPost } from './invitation-post';
import { InvitationSecrets } from './invitation-secrets';
import { Invitations } from './invitations.port';

/** Gives an invitation another secret and mails that. */
@Injectable()
export class RenewInvitation {
  constructor(
    private readonly invitations: Invitations,
    private readonly secrets: InvitationSecrets,
    private readonly post: InvitationPost,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /** False: it is not there, another tenant's, accepted, or revoked. */
  execute({ userId, tenantId }: Principal, id: InvitationId, role: string): Promise<boolean> {
    return this.work.run(async (now) => {
      const invitation = await this.invitations.takeIn(tenantId, id);
      const secret = this.secrets.make(now, id);
      if (!invitation?.renew(secret, now)) return false;
      await this.invitations.save(invitation);
      await this.post.send(invitation.snapshot(), role, secret);
      await this.events.append(invitationResent(invitation.snapshot(), userId));
      return true;
    });
  }
}
