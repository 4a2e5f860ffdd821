import type { RoleId, TenantId } from '../../../../kernel/ids';
import type { OwnRole, RoleState } from '../../domain/role';
import type { RoleUses } from '../../domain/role-errors';

/** The store of roles, for those who change them. Whoever writes holds the tenant: of two changes one comes after the other. */
export abstract class Roles {
  /** The tenant's own role, or a built-in one; null: none, or another tenant's. Holds its own until the unit of work ends. */
  abstract take(tenantId: TenantId, id: RoleId): Promise<RoleState | null>;

  /** False, and nothing stored, when a role of the tenant or a built-in one has the name. Throws NotFound: no such tenant. */
  abstract add(role: OwnRole): Promise<boolean>;

  /** Likewise false, and nothing changed. */
  abstract save(role: OwnRole): Promise<boolean>;

  /** Holds all invitations to a role of the tenant. To be held before the tenant. */
  abstract holdInvitations(tenantId: TenantId, id: RoleId): Promise<void>;

  /** Members who hold it, in whatever status, and invitations that may still be accepted at that instant. */
  abstract usesOf(tenantId: TenantId, id: RoleId, now: Date): Promise<RoleUses>;

  /** For good, with invitations to it that have ended. */
  abstract remove(tenantId: TenantId, id: RoleId): Promise<void>;
}
