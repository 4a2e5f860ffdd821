import type { AccessTokenClaims } from '../domain/access-token-claims';

export abstract class AccessTokenSigner {
  /** A signed JWT (RFC 9068) under the current signing key. */
  abstract sign(claims: AccessTokenClaims): string;
}
