import type { TenantId, UserId } from '../../../../kernel/ids';
import type { TenantRecord, TenantStatus } from '../../domain/tenant';

/** What is null does not narrow. */
export type TenantFilter = {
  /** Part of the name or slug; upper and lower case alike. */
  readonly search: string | null;
  readonly status: TenantStatus | null;
};

/** `limit` tenants from behind `cursor` on. */
export type TenantPageRequest = { readonly limit: number; readonly cursor: TenantId | null };

export type TenantPage = { readonly items: readonly TenantRecord[]; readonly nextCursor: TenantId | null };

/** Reads of tenants for those who administer them. Lists are by the age of the tenants, oldest first. */
export abstract class TenantQueries {
  abstract find(id: TenantId): Promise<TenantRecord | null>;

  /** Those that the user is a member of, locked or disabled in none of them, and without those that were deleted. */
  abstract listOf(user: UserId, filter: TenantFilter, page: TenantPageRequest): Promise<TenantPage>;

  /** All there are: for system administrators and operators. */
  abstract list(filter: TenantFilter, page: TenantPageRequest): Promise<TenantPage>;
}
