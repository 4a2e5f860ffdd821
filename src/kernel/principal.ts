import type { SessionId, TenantId, UserId } from './ids';

/** Who is calling, as looked up for this very request: roles and permissions are live, not copies from a token. */
export type Principal = {
  readonly kind: 'user' | 'development';
  readonly userId: UserId;
  readonly tenantId: TenantId;
  /** null only for the development administrator of `AUTH_ENABLED=false`, who has no session. */
  readonly sessionId: SessionId | null;
  readonly roles: readonly string[];
  /** Grants such as `detector:read`, `dataset:*` or `*:*`. */
  readonly permissions: readonly string[];
  readonly systemAdministrator: boolean;
};
