import { Injectable } from '@nestjs/common';
import { type TenantId, type UserId, userId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { EventLog } from '../../../../platform/events/event-log';
import { IdentityFacade } from '../../../identity/identity.facade';
import type { InvitationId } from '../../domain/invitation-id';
import type { MemberStatus } from '../../domain/member-status';
import { beyond, permits } from '../../domain/permission';
import { invitationNotResent, invitingRefused } from '../../invitation.events';
import { Members } from '../members/members.port';
import { TenancyQueries } from '../tenancy-queries';
import { type InvitableRole, InvitationRoles } from './invitation-roles.port';

export type InvitationAdmission =
  | { readonly kind: 'admitted'; readonly role: InvitableRole }
  | { readonly kind: 'refused'; readonly why: 'unknown_role' | 'beyond_own_permissions' | 'already_member' };

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
/** Who is a member of nothing. */
const NOBODY = userId('00000000-0000-0000-0000-000000000000');

/** Who may invite, whom, and to what, as things are at that moment. Within the caller's unit of work. */
@Injectable()
export class InvitationRights {
  constructor(
    private readonly roles: InvitationRoles,
    private readonly queries: TenancyQueries,
    private readonly members: Members,
    private readonly identity: IdentityFacade,
    private readonly events: EventLog,
  ) {}

  /** Whether the caller may invite an address to a role. A refusal is on record with its true reason; an unknown role is a slip. */
  async toInvite(by: Principal, email: string, role: string): Promise<InvitationAdmission> {
    const found = await this.roles.named(by.tenantId, role);
    if (!found) return { kind: 'refused', why: 'unknown_role' };
    const refusal = await this.refusalOf(by.userId, by.tenantId, found.permissions);
    const isMember = refusal === null && (await this.isMember(by.tenantId, email));
    if (refusal === null && !isMember) return { kind: 'admitted', role: found };
    await this.events.append(invitingRefused(by, refusal ?? 'already_member', role));
    return { kind: 'refused', why: isMember ? 'already_member' : 'beyond_own_permissions' };
  }

  /** Whether the caller may vouch for an invitation that somebody else may have made. A refusal is on record. */
  async toResend(
    { userId: by, tenantId }: Principal,
    { id, role }: { id: InvitationId; role: string },
  ): Promise<boolean> {
    const found = await this.roles.named(tenantId, role);
    const refusal = found ? await this.refusalOf(by, tenantId, found.permissions) : 'unknown_role';
    if (refusal === null) return true;
    await this.events.append(invitationNotResent({ id, tenantId }, by, refusal));
    return false;
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

  /** What the tenant says of somebody; null: no member. Holds the membership. */
  async standingOf(user: UserId, tenantId: TenantId): Promise<MemberStatus | null> {
    return (await this.members.take(tenantId, user))?.status ?? null;
  }

  /**
   * Locked or disabled members too: an invitation must not lead past that. The same statements whether the address has an
   * account or not: inviters must not learn it from the time.
   */
  private async isMember(tenant: TenantId, email: string): Promise<boolean> {
    const account = await this.identity.users.findByReference(email);
    return (await this.standingOf(account?.id ?? NOBODY, tenant)) !== null;
  }
}
