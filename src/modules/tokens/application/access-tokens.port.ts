import type { AccessTokenClaims } from '../domain/access-token-claims';

/** Claims of a token whose signature, issuer, audience and expiry were found right. Their types were not. */
export type VerifiedClaims = Readonly<Record<string, unknown>>;

/** Access tokens as JWTs (RFC 9068). Not to be used within a unit of work: the keys may have to be looked up. */
export abstract class AccessTokens {
  /** Signed under the current signing key. */
  abstract sign(claims: AccessTokenClaims): Promise<string>;

  /** Throws AccessTokenRefused. What it says of a session may no longer be true. */
  abstract verify(token: string): Promise<VerifiedClaims>;
}
