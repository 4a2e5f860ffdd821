import type { TenantId } from '../../../../kernel/ids';
import type { Countable, Holdings, TenantLimits } from '../../domain/limits/tenant-limits';

/** The store of what operators allow tenants, and what is held against it. */
export abstract class Quotas {
  /** null: there is no such tenant. */
  abstract find(tenant: TenantId): Promise<TenantLimits | null>;

  /** As `find`, holding the tenant until the unit of work ends. */
  abstract take(tenant: TenantId): Promise<TenantLimits | null>;

  abstract save(tenant: TenantId, limits: TenantLimits, at: Date): Promise<void>;

  /** How many there are: members whatever their status, keys in force at that instant, roles of the tenant's own. */
  abstract count(tenant: TenantId, what: Countable, at: Date): Promise<number>;

  /** All of it at once. */
  abstract holdings(tenant: TenantId, at: Date): Promise<Holdings>;
}
