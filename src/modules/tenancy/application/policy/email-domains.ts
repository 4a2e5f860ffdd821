import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids';
import { asciiDomainOf } from '../../../../platform/network/domain-name';
import { allowsDomain, type TenantPolicy } from '../../domain/tenant-policy';
import { TenantPolicies } from '../tenant-policies.port';

/** What no tenant could name. */
const NO_DOMAIN = '';

/** Whether a tenant takes in members with an address. Who is a member already stays one, whatever is decided later. */
@Injectable()
export class EmailDomains {
  constructor(private readonly policies: TenantPolicies) {}

  /** As of now: for what is decided again before anybody becomes a member. */
  async allow(tenant: TenantId, email: string): Promise<boolean> {
    return isAllowed(await this.policies.find(tenant), email);
  }

  /** Until the caller's unit of work ends. Holds the tenant, so it comes before memberships and users. */
  async allowFromNowOn(tenant: TenantId, email: string): Promise<boolean> {
    return isAllowed(await this.policies.take(tenant), email);
  }
}

/** A tenant that is gone takes in nobody; who adds a member is told so by the database. */
function isAllowed(policy: TenantPolicy | null, email: string): boolean {
  return policy === null || allowsDomain(policy, asciiDomainOf(email) ?? NO_DOMAIN);
}
