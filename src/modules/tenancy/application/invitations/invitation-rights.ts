import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { EventLog } from '../../../../platform/events/event-log';
import { IdentityFacade } from '../../../identity/identity.facade';
import type { InvitationId } from '../../domain/invitation-id';
import type { MemberStatus } from '../../domain/member-status';
import { beyond, permits } from '../../domain/permission';
import { invitationNotResent, invitingRefused } from '../../invitation.events';
import { TenancyQueries } from '../tenancy-queries';
import { InvitedAddress } from './invited-address';
import { type InvitableRole, InvitationRoles } from './invitation-roles.port';

export type InvitationAdmission =
  | { readonly kind: 'admitted'; readonly role: InvitableRole }
  | { readonly kind: 'refused'; readonly why: 'unknown_role' | 'beyond_own_permissions' | NotInvitable };

/** Why an address is not to be invited, whoever does so. */
type NotInvitable = 'already_member' | 'email_domain_not_allowed';

/** What became of the wish to send an invitation again. */
export type ResendAdmission = 'admitted' | 'beyond_own_permissions' | 'email_domain_not_allowed';

/** Why somebody may not give a role away: for the log alone. */
export type InvitingRefusal =
  | 'tenant_suspended'
  | 'inviter_gone'
  | 'inviter_not_active'
  | 'inviter_no_member'
  | 'inviter_lost_rights'
  | 'beyond_inviters_permissions';

/** What everybody needs who invites; the routes ask for it too. */
const INVITING = 'user:create';

/** Who may invite, whom, and to what, as things are at that moment. Within the caller's unit of work. */
@Injectable()
export class InvitationRights {
  constructor(
    private readonly roles: InvitationRoles,
    private readonly queries: TenancyQueries,
    private readonly identity: IdentityFacade,
    private readonly addresses: InvitedAddress,
    private readonly events: EventLog,
  ) {}

  /**
   * Whether the caller may invite an address to a role. A refusal is on record with its true reason; an unknown role is
   * a slip.
   */
  async toInvite(by: Principal, email: string, role: string): Promise<InvitationAdmission> {
    const found = await this.roles.named(by.tenantId, role);
    if (!found) return { kind: 'refused', why: 'unknown_role' };
    const refusal = await this.refusalOf(by.userId, by.tenantId, found.permissions);
    const why = refusal === null ? await this.notInvitable(by.tenantId, email) : null;
    if (refusal === null && why === null) return { kind: 'admitted', role: found };
    await this.events.append(invitingRefused(by, refusal ?? why ?? 'unknown', role));
    return { kind: 'refused', why: why ?? 'beyond_own_permissions' };
  }

  /** Whether the caller may vouch for an invitation that somebody else may have made. A refusal is on record. */
  async toResend(
    { userId: by, tenantId }: Principal,
    { id, email, role }: { id: InvitationId; email: string; role: string },
  ): Promise<ResendAdmission> {
    const found = await this.roles.named(tenantId, role);
    const refusal = found ? await this.refusalOf(by, tenantId, found.permissions) : 'unknown_role';
    const isTakenIn = refusal !== null || (await this.addresses.isTakenIn(tenantId, email));
    if (refusal === null && isTakenIn) return 'admitted';
    await this.events.append(invitationNotResent({ id, tenantId }, by, refusal ?? 'email_domain_not_allowed'));
    return isTakenIn ? 'beyond_own_permissions' : 'email_domain_not_allowed';
  }

  /**
   * null: the tenant and the inviter are in force, and the inviter may invite there and do all that is given, for nothing is
   * granted above the granter. System administrators may always, members or not.
   */
  async refusalOf(
    inviter: UserId,
    tenantId: TenantId,
    permissions: readonly string[],
  ): Promise<InvitingRefusal | null> {
    const tenant = await this.queries.find(tenantId);
    const user = await this.identity.users.find(inviter);
    if (tenant?.status !== 'active') return 'tenant_suspended';
    if (!user) return 'inviter_gone';
    if (user.status !== 'active') return 'inviter_not_active';
    if (user.systemAdministrator) return null;
    const membership = await this.queries.membershipOf(inviter, tenantId);
    if (!membership) return 'inviter_no_member';
    if (!permits(membership.permissions, INVITING)) return 'inviter_lost_rights';
    return beyond(membership.permissions, permissions).length > 0 ? 'beyond_inviters_permissions' : null;
  }

  /** Whether the tenant still takes in whoever accepts, which stays so: holds the tenant, so it comes before memberships. */
  isTakenIn(tenant: TenantId, email: string): Promise<boolean> {
    return this.addresses.isTakenInFromNowOn(tenant, email);
  }

  /** What the tenant says of somebody; null: no member. Holds the membership. */
  standingOf(user: UserId, tenant: TenantId): Promise<MemberStatus | null> {
    return this.addresses.standingOf(user, tenant);
  }

  private async notInvitable(tenant: TenantId, email: string): Promise<NotInvitable | null> {
    if (!(await this.addresses.isTakenIn(tenant, email))) return 'email_domain_not_allowed';
    return (await this.addresses.isMember(tenant, email)) ? 'already_member' : null;
  }
}
