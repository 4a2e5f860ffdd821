import type { TenantId, UserId } from '../../../kernel/ids';
import type { TenantDemands } from '../../identity/tenant-rules.facade';
import type { TenantStatus } from '../domain/tenant';
import type { TenantPolicy } from '../domain/tenant-policy';

export type TenantView = {
  readonly id: TenantId;
  readonly name: string;
  readonly slug: string;
  readonly status: TenantStatus;
};

/** A tenant, with what it decides for the sign-ins of its members. */
export type TenantToEnter = TenantView & Pick<TenantPolicy, 'secondFactorAboveRisk' | 'ipAllowlist' | 'sessionMaxDays'>;

/** A user in one tenant, with what the roles held there grant. */
export type MembershipView = {
  readonly tenant: TenantToEnter;
  /** Whether the tenant asks this member for a second factor. */
  readonly secondFactorDemanded: boolean;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
};

/** Reads of tenants and memberships. */
export abstract class TenancyQueries {
  /**
   * The user's membership in the tenant of that id or slug; without one, the oldest, those in active tenants first. Who
   * is locked or disabled there has none. Holds it: nobody locks or removes a member between finding and acting on it.
   */
  abstract membershipOf(userId: UserId, tenant: string | null): Promise<MembershipView | null>;

  /** By id or slug. */
  abstract find(reference: string): Promise<TenantView | null>;

  /** For how many days an API key may live there; null: the tenant has not said. */
  abstract apiKeyMaxDaysOf(tenant: TenantId): Promise<number | null>;

  /**
   * What all tenants of the user together ask of the account, suspended ones too, deleted ones not. As whom mails come
   * says the one among the organizations in force whose member the user has been for longest.
   */
  abstract demandsOn(userId: UserId): Promise<TenantDemands>;
}
