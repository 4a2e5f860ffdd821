import type { RoleId, TenantId, UserId } from '../../../../kernel/ids';
import type { RoleState } from '../../domain/role';
import type { HeldRole } from '../../domain/verdict';

/** `limit` roles from behind `cursor` on. */
export type RolePageRequest = { readonly limit: number; readonly cursor: RoleId | null };

export type RolePage = { readonly items: readonly RoleState[]; readonly nextCursor: RoleId | null };

/** Reads of the roles that a tenant has: the built-in ones and its own. */
export abstract class RoleQueries {
  /** null: there is none, or it is another tenant's. */
  abstract find(tenantId: TenantId, id: RoleId): Promise<RoleState | null>;

  /** In the order they were made, to the millisecond. */
  abstract list(tenantId: TenantId, page: RolePageRequest): Promise<RolePage>;

  /** What a member in force holds at this moment, by name; none in a tenant that is not active. */
  abstract heldBy(tenantId: TenantId, user: UserId): Promise<readonly HeldRole[]>;
}
