import type { SessionId, TenantId, UserId } from '../../../kernel/ids';
import type { AssuranceLevel } from './session';

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
  readonly acr: AssuranceLevel;
  readonly amr: readonly string[];
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  readonly scope: string;
  readonly api_version: string;
};

/** Two replicas' clocks may differ by this much; a token from the near future is believed. */
export const CLOCK_SKEW_SECONDS = 30;

/** How the claims are to be read. A version is issued only from the release after the one that can read it (ADR 0011). */
export const API_VERSION = '1';

/** Tokens of the systems before this one name no version: they are read as the first. */
const READ_VERSIONS: readonly unknown[] = [undefined, '1'];

/** Whether this release knows how to read a token that says it is of that version. */
export function readsVersion(version: unknown): boolean {
  return READ_VERSIONS.includes(version);
}

/** Clients that signed in together should not all refresh in the same second. */
const JITTER_SHARE = 0.05;

/** How many seconds an access token may end early, at most: the random number below this is taken from its life. */
export function jitterLimitSeconds(accessSeconds: number): number {
  return Math.floor(accessSeconds * JITTER_SHARE) + 1;
}
