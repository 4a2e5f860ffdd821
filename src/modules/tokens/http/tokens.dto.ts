import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { TokenPair } from '../application/token-pairs';

export class RefreshRequest {
  /**
   * The refresh token of the last sign-in or refresh. May be left out when the refresh cookie is sent.
   * @example "dwrt_AQGQ..."
   */
  @IsOptional()
  @IsString()
  @MaxLength(8192)
  refresh_token?: string | null;
}

/** RFC 6749, 5.1. Durations are in seconds. */
export class TokenPairResponse {
  /** A JWT (RFC 9068); send it as `Authorization: Bearer`. */
  access_token!: string;
  /** Good for one exchange. Left out when the request asked for `X-Token-Delivery: cookie`. */
  refresh_token?: string | undefined;
  /** @example "bearer" */
  token_type!: string;
  /** @example 900 */
  expires_in!: number;
  /** @example 604800 */
  refresh_expires_in!: number;
  /** @example "read write" */
  scope!: string;
  session_id!: string;
  tenant_id!: string;

  static from(pair: TokenPair): TokenPairResponse {
    return Object.assign(new TokenPairResponse(), {
      access_token: pair.accessToken,
      refresh_token: pair.refreshToken,
      token_type: 'bearer',
      expires_in: pair.expiresIn,
      refresh_expires_in: pair.refreshExpiresIn,
      scope: pair.scope,
      session_id: pair.sessionId,
      tenant_id: pair.tenantId,
    });
  }
}

/** A public key (RFC 7517). */
export class JwkResponse {
  kid!: string;
  /** @example "EC" */
  kty!: string;
  /** @example "ES256" */
  alg!: string;
  /** @example "sig" */
  use!: string;
  /** @example "P-256" */
  crv?: string;
  x?: string;
  y?: string;
  n?: string;
  e?: string;

  static from({ kid, kty, alg, use, crv, x, y, n, e }: Readonly<Record<string, string>>): JwkResponse {
    return Object.assign(new JwkResponse(), { kid, kty, alg, use, crv, x, y, n, e });
  }
}

export class JwksResponse {
  keys!: JwkResponse[];
}
