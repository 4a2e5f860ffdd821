import type { TenantId, UserId } from '../../../../kernel/ids';
import type { UserProfile } from '../../../identity/identity.facade';
import type { MemberStatus } from '../../domain/member-status';

/** A user as the administrators of one tenant see them. */
export type MemberView = Omit<UserProfile, 'status'> & {
  /** Of the member in this tenant; of the account, where that is not active. */
  readonly status: MemberStatus;
  /** Names, in order. */
  readonly roles: readonly string[];
};

/** What is null does not narrow. */
export type MemberFilter = {
  /** Part of the e-mail address, username, first or last name; upper and lower case alike. */
  readonly search: string | null;
  readonly status: MemberStatus | null;
  /** The name of a role. */
  readonly role: string | null;
};

/** `limit` members from behind `cursor` on. */
export type MemberPageRequest = { readonly limit: number; readonly cursor: UserId | null };

export type MemberPage = { readonly items: readonly MemberView[]; readonly nextCursor: UserId | null };

/** Reads of the members of a tenant, in whatever status. */
export abstract class MemberQueries {
  /** null unless the user belongs to that tenant. */
  abstract find(tenantId: TenantId, userId: UserId): Promise<MemberView | null>;

  /** By the age of the accounts, oldest first. */
  abstract list(tenantId: TenantId, filter: MemberFilter, page: MemberPageRequest): Promise<MemberPage>;
}
