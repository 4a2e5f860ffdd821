import type { RoleState } from '../modules/tenancy/roles.facade';
import type { Json } from './terminal';

/** A role as programs read one. */
export function roleJson(role: RoleState): { readonly [name: string]: Json } {
  return {
    id: role.id,
    name: role.name,
    description: role.description,
    permissions: role.permissions,
    built_in: role.tenantId === null,
    created_at: role.createdAt.toISOString(),
    updated_at: role.updatedAt.toISOString(),
  };
}
