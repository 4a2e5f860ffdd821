import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { Invitation } from '../../domain/invitation';
import { invitationRevoked, userInvited } from '../../invitation.events';
import { InvitationPost } from './invitation-post';
import { type InvitationView, viewOf } from './invitation-queries';
import type { InvitableRole } from './invitation-roles.port';
import { InvitationSecrets } from './invitation-secrets';
import { Invitations } from './invitations.port';

/** Puts a new invitation in the place of the one that the address had to the tenant, if any, and mails it. */
@Injectable()
export class PutInvitation {
  constructor(
    private readonly invitations: Invitations,
    private readonly secrets: InvitationSecrets,
    private readonly post: InvitationPost,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /** Of two at once for one address the second replaces the first. */
  execute({ userId: invitedBy, tenantId }: Principal, email: string, role: InvitableRole): Promise<InvitationView> {
    const emailKey = this.secrets.keyOf(email);
    const subject = `invitation/${tenantId}/${emailKey.toString('base64url')}`;
    return this.work.runAlone(subject, async (now) => {
      const former = await this.invitations.takeOpenOf(tenantId, emailKey);
      if (former?.revoke(now)) {
        await this.invitations.save(former);
        await this.events.append(invitationRevoked(former.snapshot(), invitedBy, 'replaced'));
      }
      const secret = this.secrets.make(now);
      const { id, tokenHash, codeHash, expiresAt } = secret;
      const draft = { id, tenantId, roleId: role.id, email, emailKey, invitedBy, tokenHash, codeHash, expiresAt };
      const invitation = Invitation.issue(draft, now).snapshot();
      await this.invitations.add(Invitation.restore(invitation));
      await this.post.send(invitation, role.name, secret);
      await this.events.append(userInvited(invitation, invitedBy, role.name));
      return viewOf(invitation, role.name, now);
    });
  }
}
