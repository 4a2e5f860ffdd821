import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { asciiDomainOf } from '../../../../platform/network/domain-name';
import { OWNER, VIEWER } from '../../domain/built-in-roles';
import { TenantPolicies } from '../tenant-policies.port';

/** Which tenant somebody becomes a member of, and with which role. */
export type TenantToJoin = { readonly tenantId: TenantId; readonly role: string };

/** Where people belong who sign in for the first time, through an identity provider. */
@Injectable()
export class AutoJoin {
  constructor(
    private readonly policies: TenantPolicies,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * The oldest tenant in force that people of the address's domain join through the provider. Whose the address is the
   * caller has seen proven. Holds the tenant until the caller's unit of work ends: before memberships and users (ADR 25).
   */
  async find(provider: string, email: string): Promise<TenantToJoin | null> {
    const domain = asciiDomainOf(email);
    if (domain === null) return null;
    // Nobody is anybody yet: the question is asked of all tenants.
    return this.work.overAllTenants(async () => {
      const open = await this.policies.takeOpenTo(provider, domain);
      return open && { tenantId: open.tenantId, role: await this.roleThere(open.tenantId, open.role) };
    });
  }

  /** A role that has gone meanwhile is made up for by the least one. */
  private async roleThere(tenant: TenantId, role: string | null): Promise<string> {
    if (role === null || role === OWNER) return VIEWER;
    const [unknown] = await this.policies.unknownRoles(tenant, [role]);
    return unknown === undefined ? role : VIEWER;
  }
}
