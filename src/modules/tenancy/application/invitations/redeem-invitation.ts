import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { EventLog } from '../../../../platform/events/event-log';
import type { Invitation } from '../../domain/invitation';
import { QuotaExceeded } from '../../domain/limits/limits-errors';
import { invitationAccepted, invitationRefused } from '../../invitation.events';
import { JoinTenant } from '../join-tenant';
import { InvitationRights } from './invitation-rights';
import type { Invited } from './present-invitation';
import { InvitationRoles } from './invitation-roles.port';
import { Invitations } from './invitations.port';

/** Uses an invitation up, once. Within the caller's unit of work. */
@Injectable()
export class RedeemInvitation {
  constructor(
    private readonly invitations: Invitations,
    private readonly roles: InvitationRoles,
    private readonly rights: InvitationRights,
    private readonly joining: JoinTenant,
    private readonly events: EventLog,
  ) {}

  /**
   * Holds the invitation, and decides whether it may still be accepted: it is pending, was not sent again since its
   * secret was shown, its inviter may give the role away as things are now, the tenant takes in its address, and did
   * not lock or disable the `user`, who is null when there is none yet. False, with the true reason on record, when
   * not. Throws QuotaExceeded when the tenant has as many users as it may.
   */
  async take(invited: Invited, user: UserId | null, now: Date): Promise<boolean> {
    const reason = (await this.refusalOf(invited, user, now)) ?? (user && (await this.refusalOfMember(invited, user)));
    if (reason === null) return true;
    await this.events.append(invitationRefused(invited, reason, user));
    return false;
  }

  /** Makes a user the member that the invitation, which the caller has taken, invites. */
  async execute(invited: Invited, user: UserId, now: Date): Promise<void> {
    const { invitation, role } = await this.find(invited);
    if (!role || !invitation?.accept(user, now)) throw new Error('An invitation is to be taken before it is redeemed');
    await this.invitations.save(invitation);
    const { invitedBy } = invitation.snapshot();
    await this.joining.execute(invited.tenantId, user, role.name, invitedBy);
    await this.events.append(invitationAccepted(invitation.snapshot(), user, role.name));
  }

  private async refusalOf(invited: Invited, user: UserId | null, now: Date): Promise<string | null> {
    const { invitation, role } = await this.find(invited);
    if (!invitation || !role) return 'unknown';
    const status = invitation.status(now);
    if (status !== 'pending') return status;
    if (!invitation.isSealedBy(invited.tokenHash)) return 'sent_again';
    const { invitedBy, tenantId, email } = invitation.snapshot();
    if (!(await this.rights.isTakenIn(tenantId, email))) return 'email_domain_not_allowed';
    // The tenant comes before its members and before the account; but that it is full is told to nobody it would not let in.
    const full = await this.fullness(tenantId, user);
    const refusal = await this.rights.refusalOf(invitedBy, tenantId, role.permissions);
    if (refusal === null && full) throw full;
    return refusal;
  }

  /** Why there is no room in the tenant; null: there is, and it stays. */
  private async fullness(tenant: TenantId, user: UserId | null): Promise<QuotaExceeded | null> {
    try {
      await this.joining.makeRoom(tenant, user);
      return null;
    } catch (error) {
      if (error instanceof QuotaExceeded) return error;
      throw error;
    }
  }

  /** A role more would do nothing for them now, and come into force unseen on the day they are let in again. */
  private async refusalOfMember({ tenantId }: Invited, user: UserId): Promise<string | null> {
    const standing = await this.rights.standingOf(user, tenantId);
    return standing === null || standing === 'active' ? null : `member_${standing}`;
  }

  private async find({ tenantId, id }: Invited): Promise<{
    readonly invitation: Invitation | null;
    readonly role: Awaited<ReturnType<InvitationRoles['find']>>;
  }> {
    const invitation = await this.invitations.takeIn(tenantId, id);
    const role = invitation && (await this.roles.find(tenantId, invitation.snapshot().roleId));
    return { invitation, role };
  }
}
