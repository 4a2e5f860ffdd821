import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../kernel/ids';
import { AutoJoin, type TenantToJoin } from './application/policy/auto-join';
import { EmailDomains } from './application/policy/email-domains';
import { JoinTenant } from './application/join-tenant';
import { type NewTenant, OpenTenant } from './application/open-tenant';
import {
  type MembershipView,
  TenancyQueries,
  type TenantToEnter,
  type TenantView,
} from './application/tenancy-queries';

export { BUILT_IN_ROLES, OWNER } from './domain/built-in-roles';
export { EmailDomainNotAllowed, OutsideNetworks } from './domain/errors';
export { networksFor } from './domain/tenant-policy';
export { SlugTaken } from './domain/tenant-errors';
export { TENANT_NAME, TENANT_NAME_MAX } from './domain/tenant';
export { beyond, common, isPermission, permits } from './domain/permission';
export type { MembershipView, NewTenant, TenantToEnter, TenantToJoin, TenantView };

/** All that the rest of the system may ask about tenants. Plain data in, plain data out. */
@Injectable()
export class TenancyFacade {
  constructor(
    private readonly opening: OpenTenant,
    private readonly joining: JoinTenant,
    private readonly queries: TenancyQueries,
    private readonly domains: EmailDomains,
    private readonly autoJoin: AutoJoin,
  ) {}

  /** Opens a tenant owned by a user, within the caller's unit of work. */
  open(tenant: NewTenant): Promise<TenantView> {
    return this.opening.execute(tenant);
  }

  /**
   * Whether the tenant takes in members with that address, which stays so until the caller's unit of work ends. Before
   * `join`: holds the tenant, which comes before users.
   */
  takesIn(tenant: TenantId, email: string): Promise<boolean> {
    return this.domains.allowFromNowOn(tenant, email);
  }

  /**
   * Which tenant somebody becomes a member of who signs in for the first time, through that identity provider, which has
   * seen that the address is theirs: the oldest in force that system administrators opened to it; null: none. Within the
   * caller's unit of work, and before `makeRoom` and `join`: holds the tenant, which comes before users.
   */
  autoJoinFor(providerId: string, email: string): Promise<TenantToJoin | null> {
    return this.autoJoin.find(providerId, email);
  }

  /** Sees to it, before `join` and before a user is added for it, that there is room for one more. Throws QuotaExceeded. */
  makeRoom(tenant: TenantId): Promise<void> {
    return this.joining.makeRoom(tenant, null);
  }

  /**
   * Makes a user a member with a role of that name, within the caller's unit of work. Throws ValidationFailed: there is
   * none; QuotaExceeded.
   */
  join(tenant: TenantId, user: UserId, role: string): Promise<void> {
    return this.joining.execute(tenant, user, role);
  }

  /**
   * The user's membership in the tenant of that id or slug; without one, the oldest, those in active tenants first. Who
   * is locked or disabled there has none. Within a unit of work it stays what it is until that ends.
   */
  membershipOf(user: UserId, tenant: string | null): Promise<MembershipView | null> {
    return this.queries.membershipOf(user, tenant);
  }

  /** For how many days an API key made now may live in the tenant; null: it has not said. */
  apiKeyMaxDaysOf(tenant: TenantId): Promise<number | null> {
    return this.queries.apiKeyMaxDaysOf(tenant);
  }

  /** By id or slug. */
  find(reference: string): Promise<TenantView | null> {
    return this.queries.find(reference);
  }
}
