import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
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

export class SwitchTenantRequest {
  /**
   * Id or slug of one of the caller's tenants.
   * @example "acme"
   */
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  tenant!: string;
}

/** RFC 6749, 5.1. Durations are in seconds. */
export class TokenPairResponse {
  /** A JWT (RFC 9068); send it as `Authorization: Bearer`. */
  access_token!: string;
  /** Good for one exchange. Left out when the request asked for `X-Token-Delivery: cookie`. */
  refresh_token?: string | undefined;
  /** @example "bearer" */
  token_type!: string;
  /**
   * Up to 5 % below ACCESS_TOKEN_TTL, so that clients that signed in together refresh apart.
   * @example 900
   */
  expires_in!: number;
  /** @example 604800 */
  refresh_expires_in!: number;
  /**
   * Empty where a second factor is to be set up first.
   * @example "read write"
   */
  scope!: string;
  session_id!: string;
  tenant_id!: string;
  /**
   * For a device that is to be known: send it at the next sign-in, as `X-Device-Token` or by the cookie it is set as too.
   * Only when the request had `remember_device`; left out when it asked for `X-Token-Delivery: cookie`.
   */
  device_token?: string | undefined;
  /**
   * The tenant demands a second factor, or the account has one, and the session has shown none: it is good for setting one
   * up, for stepping up by one, for `GET /auth/me`, for switching tenant and for signing out. Left out everywhere else.
   * @example true
   */
  mfa_enrolment_required?: true | undefined;

  static from(pair: TokenPair, deviceToken: string | null = null): TokenPairResponse {
    return Object.assign(new TokenPairResponse(), {
      access_token: pair.accessToken,
      refresh_token: pair.refreshToken,
      token_type: 'bearer',
      expires_in: pair.expiresIn,
      refresh_expires_in: pair.refreshExpiresIn,
      scope: pair.scope,
      session_id: pair.sessionId,
      tenant_id: pair.tenantId,
      device_token: deviceToken ?? undefined,
      mfa_enrolment_required: pair.confined || undefined,
    });
  }
}
