import type { TenantRecord } from '../modules/tenancy/tenants.facade';

/** A tenant as programs read one. */
export function tenantJson(tenant: TenantRecord): Readonly<Record<string, string | null>> {
  return {
    id: tenant.id,
    name: tenant.name,
    slug: tenant.slug,
    kind: tenant.kind,
    status: tenant.status,
    created_at: tenant.createdAt.toISOString(),
    updated_at: tenant.updatedAt.toISOString(),
    purge_after: tenant.purgeAfter?.toISOString() ?? null,
  };
}
