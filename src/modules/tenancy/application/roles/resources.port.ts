import type { TenantId } from '../../../../kernel/ids';
import type { Resource } from '../../domain/resource';

/** The store of what the applications of a tenant keep. */
export abstract class Resources {
  /** By name. */
  abstract list(tenantId: TenantId): Promise<readonly Resource[]>;

  /** False, and nothing stored, when the tenant has one of the name. Throws NotFound: no such tenant. */
  abstract add(tenantId: TenantId, resource: Resource, at: Date): Promise<boolean>;

  /** False: the tenant has none of the name. */
  abstract save(tenantId: TenantId, resource: Resource, at: Date): Promise<boolean>;

  /** False likewise. */
  abstract remove(tenantId: TenantId, name: string): Promise<boolean>;
}
