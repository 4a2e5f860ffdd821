import type { TenantId } from '../../../kernel/ids';
import type { TenantPolicy } from '../domain/tenant-policy';

/** The store of what tenants decide. */
export abstract class TenantPolicies {
  abstract find(tenant: TenantId): Promise<TenantPolicy | null>;

  /** As `find`, holding the tenant until the unit of work ends. */
  abstract take(tenant: TenantId): Promise<TenantPolicy | null>;

  abstract save(tenant: TenantId, policy: TenantPolicy, at: Date): Promise<void>;
}
