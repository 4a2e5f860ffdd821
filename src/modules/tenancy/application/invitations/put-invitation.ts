import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { Invitation, wrongCodesOf } from '../../domain/invitation';
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

  /**
   * Of two at once for one address the second replaces the first. Throws NotFound when the tenant has just been suspended or
   * deleted, or the role has ended; and whatever those throw who watch that the caller's session goes on. Whoever hears the
   * event holds the caller, who comes after invitations and tenants.
   */
  execute(by: Principal, email: string, role: InvitableRole): Promise<InvitationView> {
    const { userId: invitedBy, tenantId } = by;
    const emailKey = this.secrets.keyOf(email);
    const subject = `invitation/${tenantId}/${emailKey.toString('base64url')}`;
    return this.work.runAlone(subject, async (now) => {
      const former = await this.invitations.takeAllOf(emailKey);
      // Who deletes it waits, and finds the invitation; or was first.
      if (!(await this.invitations.holdTenant(tenantId))) throw new NotFound();
      for (const one of former.filter((each) => each.snapshot().tenantId === tenantId)) {
        if (!one.revoke(now)) continue;
        await this.invitations.save(one);
        await this.events.append(invitationRevoked(one.snapshot(), invitedBy, 'replaced'));
      }
      const { token, code, ...kept } = this.secrets.make(now);
      const draft = { ...kept, tenantId, roleId: role.id, email, emailKey, invitedBy };
      const invitation = Invitation.issue(draft, wrongCodesOf(former, now), now).snapshot();
      await this.invitations.add(Invitation.restore(invitation));
      await this.post.send(invitation, role.name, { token, code });
      await this.events.append(userInvited(invitation, by, role.name));
      return viewOf(invitation, role.name, now);
    });
  }
}
