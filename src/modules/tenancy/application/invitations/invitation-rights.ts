import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { IdentityFacade } from '../../../identity/identity.facade';
import { beyond } from '../../domain/permission';
import { TenancyQueries } from '../tenancy-queries';

/** Whether an inviter may give a role away, as things are at that moment. */
@Injectable()
export class InvitationRights {
  constructor(
    private readonly queries: TenancyQueries,
    private readonly identity: IdentityFacade,
  ) {}

  /**
   * Whether the tenant and the inviter are in force, and the inviter may there all that is given: nothing is granted above
   * the granter. System administrators may always, members or not.
   */
  async mayGrant(inviter: UserId, tenantId: TenantId, permissions: readonly string[]): Promise<boolean> {
    const tenant = await this.queries.find(tenantId);
    const user = await this.identity.users.find(inviter);
    if (tenant?.status !== 'active' || user?.status !== 'active') return false;
    if (user.systemAdministrator) return true;
    const membership = await this.queries.membershipOf(inviter, tenantId);
    return membership !== null && beyond(membership.permissions, permissions).length === 0;
  }
}
