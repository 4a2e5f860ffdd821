import type { TenantId, UserId } from '../../../kernel/ids';
import type { RoleDefinition } from '../domain/built-in-roles';
import type { TenantRecord, TenantState } from '../domain/tenant';

/** The store of tenants and of who belongs to them. */
export abstract class Tenants {
  /** False, and nothing stored, when another tenant has the slug. */
  abstract add(tenant: TenantState): Promise<boolean>;

  /** null: there is none. Holds the tenant; nobody who refers to it need wait. To be held before its members. */
  abstract take(id: TenantId): Promise<TenantRecord | null>;

  /** Whether the tenant is one that is about to be purged. */
  abstract isDeleted(id: TenantId): Promise<boolean>;

  /** Keeps name, slug and how the tenant stands with its end. Throws SlugTaken; the unit of work is lost then. */
  abstract save(tenant: TenantRecord): Promise<void>;

  /** Up to so many deleted tenants whose grace was over by then, those that waited longest first. */
  abstract dueToPurge(now: Date, limit: number): Promise<readonly TenantId[]>;

  /** Whether the tenant is still due. Holds it, and whoever would refer to it waits; false when somebody else holds it. */
  abstract takeDue(id: TenantId, now: Date): Promise<boolean>;

  /** Whatever their status there. */
  abstract hasMember(tenantId: TenantId, userId: UserId): Promise<boolean>;

  /** Holds the tenant, and whoever would refer to it waits. */
  abstract hold(id: TenantId): Promise<void>;

  /** Holds all invitations into a tenant: before the tenant. */
  abstract holdInvitations(id: TenantId): Promise<void>;

  /** Forgets all invitations into a tenant, those that are being accepted when they have been. */
  abstract endInvitations(id: TenantId): Promise<void>;

  /** Makes a personal tenant an organization of another name and slug. False, and nothing changed, when it is none. */
  abstract makeShared(id: TenantId, name: string, slug: string, at: Date): Promise<boolean>;

  /** For good, with its own roles. What else refers to it must have gone before. */
  abstract remove(id: TenantId): Promise<void>;

  /**
   * Makes the user a member holding one role, built in or the tenant's own. Adding a member twice keeps the membership and
   * adds the role. Throws NotFound when user or tenant are no more; the unit of work is lost then.
   */
  abstract addMember(tenantId: TenantId, userId: UserId, role: string, at: Date): Promise<void>;

  /** Stores a built-in role, or brings an older definition of it up to date. Returns whether anything changed. */
  abstract putBuiltInRole(role: RoleDefinition, id: string, at: Date): Promise<boolean>;
}
