import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../kernel/ids';
import { JoinTenant } from './application/join-tenant';
import { type NewTenant, OpenTenant } from './application/open-tenant';
import { SeedBuiltInRoles } from './application/seed-built-in-roles';
import {
  type MembershipView,
  TenancyQueries,
  type TenantToEnter,
  type TenantView,
} from './application/tenancy-queries';

export { BUILT_IN_ROLES, OWNER } from './domain/built-in-roles';
export { beyond, common, isPermission, permits } from './domain/permission';
export type { MembershipView, NewTenant, TenantToEnter, TenantView };

/** All that the rest of the system may ask about tenants. Plain data in, plain data out. */
@Injectable()
export class TenancyFacade {
  constructor(
    private readonly opening: OpenTenant,
    private readonly joining: JoinTenant,
    private readonly seeding: SeedBuiltInRoles,
    private readonly queries: TenancyQueries,
  ) {}

  /** Opens a tenant owned by a user, within the caller's unit of work. */
  open(tenant: NewTenant): Promise<TenantView> {
    return this.opening.execute(tenant);
  }

  /** Sees to it, before `join` and before a user is added for it, that there is room for one more. Throws QuotaExceeded. */
  makeRoom(tenant: TenantId): Promise<void> {
    return this.joining.makeRoom(tenant, null);
  }

  /** Makes a user a member with a built-in role, within the caller's unit of work. Throws QuotaExceeded. */
  join(tenant: TenantId, user: UserId, builtInRole: string): Promise<void> {
    return this.joining.execute(tenant, user, builtInRole);
  }

  /** Returns the names of the built-in roles that were added or brought up to date. */
  seedBuiltInRoles(): Promise<readonly string[]> {
    return this.seeding.execute();
  }

  /**
   * The user's membership in the tenant of that id or slug; without one, the oldest, those in active tenants first. Who
   * is locked or disabled there has none. Within a unit of work it stays what it is until that ends.
   */
  membershipOf(user: UserId, tenant: string | null): Promise<MembershipView | null> {
    return this.queries.membershipOf(user, tenant);
  }

  /** By id or slug. */
  find(reference: string): Promise<TenantView | null> {
    return this.queries.find(reference);
  }
}
