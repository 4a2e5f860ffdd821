import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { IdentityFacade } from '../../../identity/identity.facade';
import { common } from '../../domain/permission';
import type { Rank } from '../../domain/rank';
import { TenancyQueries } from '../tenancy-queries';

const SYSTEM_ADMINISTRATOR: Rank = { permissions: ['*:*'], systemAdministrator: true };

/** What somebody may do in their active tenant at this moment, whatever they might when they called. */
@Injectable()
export class ActorRights {
  constructor(
    private readonly queries: TenancyQueries,
    private readonly identity: IdentityFacade,
  ) {}

  /**
   * null: they are no member in force any more. What they may stays so until the unit of work ends. System
   * administrators may everything in every tenant, members or not.
   */
  async of(by: Principal): Promise<Rank | null> {
    if (by.kind === 'development') return by;
    const membership = await this.queries.membershipOf(by.userId, by.tenantId);
    const account = await this.identity.users.find(by.userId);
    const isSystemAdministrator = by.systemAdministrator && account?.systemAdministrator === true;
    if (isSystemAdministrator && account.status === 'active') return SYSTEM_ADMINISTRATOR;
    if (membership?.tenant.status !== 'active' || account?.status !== 'active') return null;
    const { permissions } = membership;
    return {
      // A key may do less than its owner.
      permissions: by.kind === 'api_key' ? common(by.permissions, permissions) : permissions,
      systemAdministrator: false,
    };
  }
}
