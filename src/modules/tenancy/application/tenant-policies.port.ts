import type { TenantId } from '../../../kernel/ids';
import type { TenantPolicy } from '../domain/tenant-policy';

/** A tenant that people join as they come; `role` null: it has not said with which role. */
export type OpenToJoin = { readonly tenantId: TenantId; readonly role: string | null };

/** The store of what tenants decide. */
export abstract class TenantPolicies {
  abstract find(tenant: TenantId): Promise<TenantPolicy | null>;

  /** As `find`, holding the tenant until the unit of work ends. */
  abstract take(tenant: TenantId): Promise<TenantPolicy | null>;

  /** Which of these names are of no role there, built in or the tenant's own. */
  abstract unknownRoles(tenant: TenantId, names: readonly string[]): Promise<readonly string[]>;

  /**
   * Of all tenants in force whose people with an address of that domain, in its ASCII spelling, join through that
   * provider, the oldest; null: there is none. Holds it until the unit of work ends. Sees no more than the caller may.
   */
  abstract takeOpenTo(provider: string, domain: string): Promise<OpenToJoin | null>;

  abstract save(tenant: TenantId, policy: TenantPolicy, at: Date): Promise<void>;
}
