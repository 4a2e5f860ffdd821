import { Injectable } from '@nestjs/common';
import { type TenantId, userId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { IdentityFacade } from '../../../identity/identity.facade';
import { type InvitableRole, InvitationRoles } from './invitation-roles.port';
import { InvitationRights } from './invitation-rights';
import { TenancyQueries } from '../tenancy-queries';

export type InvitationAdmission =
  | { readonly kind: 'admitted'; readonly role: InvitableRole }
  | { readonly kind: 'refused'; readonly reason: 'unknown_role' | 'beyond_own_permissions' | 'already_member' };

/** Who is a member of nothing. */
const NOBODY = userId('00000000-0000-0000-0000-000000000000');

/** Whether somebody may be invited, to which role, and by this caller. */
@Injectable()
export class AdmitInvitation {
  constructor(
    private readonly roles: InvitationRoles,
    private readonly rights: InvitationRights,
    private readonly queries: TenancyQueries,
    private readonly identity: IdentityFacade,
  ) {}

  async execute({ userId: inviter, tenantId }: Principal, email: string, role: string): Promise<InvitationAdmission> {
    const found = await this.roles.named(tenantId, role);
    if (!found) return { kind: 'refused', reason: 'unknown_role' };
    const isWithin = await this.rights.mayGrant(inviter, tenantId, found.permissions);
    if (!isWithin) return { kind: 'refused', reason: 'beyond_own_permissions' };
    if (await this.isMember(tenantId, email)) return { kind: 'refused', reason: 'already_member' };
    return { kind: 'admitted', role: found };
  }

  /** The same statements whether the address has an account or not: inviters must not learn it from the time. */
  private async isMember(tenant: TenantId, email: string): Promise<boolean> {
    const account = await this.identity.users.findByReference(email);
    return (await this.queries.membershipOf(account?.id ?? NOBODY, tenant)) !== null;
  }
}
