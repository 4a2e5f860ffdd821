import type { TenantId } from '../../../kernel/ids';
import type { TenantPolicy } from '../domain/tenant-policy';

/** The store of what tenants decide. */
export abstract class TenantPolicies {
  abstract find(tenant: TenantId): Promise<TenantPolicy | null>;

  /** As `find`, holding the tenant until the unit of work ends. */
  abstract take(tenant: TenantId): Promise<TenantPolicy | null>;

  /** Which of these names are of no role there, built in or the tenant's own. */
  abstract unknownRoles(tenant: TenantId, names: readonly string[]): Promise<readonly string[]>;

  abstract save(tenant: TenantId, policy: TenantPolicy, at: Date): Promise<void>;
}
