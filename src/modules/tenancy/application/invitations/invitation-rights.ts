import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { IdentityFacade } from '../../../identity/identity.facade';
import type { MemberStatus } from '../../domain/member-status';
import { beyond, permits } from '../../domain/permission';
import { Members } from '../members/members.port';
import { TenancyQueries } from '../tenancy-queries';

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

/** Who may invite and who may be invited, as things are at that moment. Within the caller's unit of work. */
@Injectable()
export class InvitationRights {
  constructor(
    private readonly queries: TenancyQueries,
    private readonly identity: IdentityFacade,
    private readonly members: Members,
  ) {}

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
}
