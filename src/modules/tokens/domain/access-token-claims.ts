import type { SessionId, TenantId, UserId } from '../../../kernel/ids';

/** RFC 9068, 2.1: the type tells an access token from every other JWT. */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

/** What the service puts into an access token (RFC 9068). No name and no address; grants are copies for resource servers. */
export type AccessTokenClaims = {
  readonly iss: string;
  readonly aud: string;
  readonly sub: UserId;
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  readonly jti: string;
  readonly client_id: string;
  readonly sid: SessionId;
  readonly tid: TenantId;
  readonly auth_time: number;
  readonly acr: 'aal1' | 'aal2';
  readonly amr: readonly string[];
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  readonly scope: string;
  readonly api_version: string;
};

/** Two replicas' clocks may differ by this much; a token from the near future is believed. */
export const CLOCK_SKEW_SECONDS = 30;

/** Whether a token said to be valid from `notBefore` on (seconds since 1970) may be used already. */
export function hasBegun(notBefore: number, now: Date): boolean {
  return notBefore <= now.getTime() / 1000 + CLOCK_SKEW_SECONDS;
}
