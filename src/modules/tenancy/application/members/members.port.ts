import type { RoleId, TenantId, UserId } from '../../../../kernel/ids';
import type { MemberStatus } from '../../domain/member-status';

/** A user in one tenant, with what the roles held there would grant were the status active. */
export type Member = {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly status: MemberStatus;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
};

export type GrantableRole = {
  readonly id: RoleId;
  readonly name: string;
  readonly permissions: readonly string[];
};

/** The store of who belongs to a tenant, for those who change it. Whatever is held is held until the unit of work ends. */
export abstract class Members {
  /** Holds the tenant: of those who change who its owners are, one comes after the other. To be held before all else. */
  abstract holdTenant(tenantId: TenantId): Promise<void>;

  /** null unless the user belongs to that tenant. Holds the membership. */
  abstract take(tenantId: TenantId, userId: UserId): Promise<Member | null>;

  /** Makes the user a member, in force, with that role. Throws NotFound when user, tenant or role are no more. */
  abstract add(tenantId: TenantId, userId: UserId, role: RoleId, at: Date): Promise<void>;

  /** Makes these the roles of a member, and no others. */
  abstract setRoles(tenantId: TenantId, userId: UserId, roles: readonly RoleId[], at: Date): Promise<void>;

  abstract setStatus(tenantId: TenantId, userId: UserId, status: MemberStatus): Promise<void>;

  /** Ends the membership, with all roles held by it. */
  abstract remove(tenantId: TenantId, userId: UserId): Promise<void>;

  /** Whether the user belongs to another tenant than that, in whatever status. */
  abstract belongsElsewhere(tenantId: TenantId, userId: UserId): Promise<boolean>;

  /**
   * Whether another tenant than that depends on how the account is protected: an organization, one that others belong to, or
   * one that demands a second factor.
   */
  abstract isBoundElsewhere(tenantId: TenantId, userId: UserId): Promise<boolean>;

  /** Whether another tenant than that lets the user in. */
  abstract isLetInElsewhere(tenantId: TenantId, userId: UserId): Promise<boolean>;

  /** The members whom no other tenant than that lets in. */
  abstract letInNowhereElse(tenantId: TenantId): Promise<readonly UserId[]>;

  /** Up to so many members, in whatever status, in one order for everybody. */
  abstract someOf(tenantId: TenantId, limit: number): Promise<readonly UserId[]>;

  /** All tenants the user belongs to, in whatever status, in one order for everybody. */
  abstract tenantsOf(userId: UserId): Promise<readonly TenantId[]>;

  /** Whether anybody else belongs to the tenant, in whatever status. */
  abstract hasOthers(tenantId: TenantId, userId: UserId): Promise<boolean>;

  /** Members in force, of accounts in force, who hold the built-in role of owners. */
  abstract ownersOf(tenantId: TenantId): Promise<readonly UserId[]>;

  /** The built-in role of that name, or else the tenant's own. */
  abstract findRole(tenantId: TenantId, name: string): Promise<GrantableRole | null>;
}
