import type { SessionId, TenantId, UserId } from './ids';

/** Who is calling, as looked up for this very request: roles and permissions are live, not copies from a token. */
export type Principal = {
  readonly kind: 'user' | 'api_key' | 'development';
  /** The user; for an API key, its owner. */
  readonly userId: UserId;
  readonly tenantId: TenantId;
  /** null for an API key, and for the development administrator of `AUTH_ENABLED=false`. */
  readonly sessionId: SessionId | null;
  /** `ak_…`; null for whoever does not come with an API key. */
  readonly apiKeyId: string | null;
  /** When the user last proved who they are, by the credential presented; null for an API key. */
  readonly authenticatedAt: Date | null;
  readonly roles: readonly string[];
  /** Grants such as `detector:read`, `dataset:*` or `*:*`; of a key, only what its owner may do too. */
  readonly permissions: readonly string[];
  readonly systemAdministrator: boolean;
  /** How surely the session's user is known (NIST 800-63B): `aal2` by two factors. null: no session. */
  readonly assurance: 'aal1' | 'aal2' | null;
  /** The tenant demands a second factor and the session has none: good for nothing but what leads to one. */
  readonly confined: boolean;
  /** Addresses and CIDR blocks from which alone they may do anything in the tenant; none: from anywhere. */
  readonly networks: readonly string[];
};
