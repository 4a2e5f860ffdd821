import type { RoleId, TenantId } from '../../../kernel/ids';
import type { RoleDefinition } from './built-in-roles';

/** Everything that is persisted. */
export type RoleState = RoleDefinition & {
  readonly id: RoleId;
  /** null: built in, the same in every tenant. */
  readonly tenantId: TenantId | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** A role that a tenant made for itself. */
export type OwnRole = RoleState & { readonly tenantId: TenantId };

export type RoleChange = {
  /** What is different now. */
  readonly fields: readonly (keyof RoleDefinition)[];
  readonly granted: readonly string[];
  readonly withdrawn: readonly string[];
};

/** Built-in roles are changed by releases alone. */
export function isOwn(role: RoleState): role is OwnRole {
  return role.tenantId !== null;
}

/** What makes the one role the other. In which order permissions are said makes no difference. */
export function difference(present: RoleDefinition, next: RoleDefinition): RoleChange {
  const granted = next.permissions.filter((permission) => !present.permissions.includes(permission));
  const withdrawn = present.permissions.filter((permission) => !next.permissions.includes(permission));
  const isDifferent = {
    name: next.name !== present.name,
    description: next.description !== present.description,
    permissions: granted.length + withdrawn.length > 0,
  };
  const fields = (Object.keys(isDifferent) as (keyof RoleDefinition)[]).filter((field) => isDifferent[field]);
  return { fields, granted, withdrawn };
}
