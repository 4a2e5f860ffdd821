import { ApiProperty } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import type { Introspection } from '../application/introspect-token';

const TOKEN_MAX = 8192;

/** RFC 7009, 2.1 and RFC 7662, 2.1. */
export class TokenStatusRequest {
  /** An access token or a refresh token. */
  @IsString()
  @IsNotEmpty()
  @MaxLength(TOKEN_MAX)
  token!: string;

  /**
   * Taken note of; what the token is can be seen from itself.
   * @example "access_token"
   */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  token_type_hint?: string | null;

  /** Ignored: OAuth 2 clients send it along. */
  @IsOptional()
  @IsString()
  @MaxLength(256)
  client_id?: string | null;

  /** Ignored: OAuth 2 clients send it along. */
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  client_secret?: string | null;
}

/** RFC 7662, 2.2. Of a token that is not active nothing is said. */
export class IntrospectionResponse {
  active!: boolean;
  /** @example "Bearer" */
  token_type?: string;
  iss?: string;
  aud?: string;
  sub?: string;
  client_id?: string;
  exp?: number;
  iat?: number;
  nbf?: number;
  jti?: string;
  scope?: string;
  /** The session. */
  sid?: string;
  /** The tenant the token is for. */
  tid?: string;
  auth_time?: number;
  acr?: string;
  amr?: string[];
  /** Those of this moment, not those of the token. */
  @ApiProperty({ type: [String], required: false })
  roles?: string[];
  /** Those of this moment, not those of the token. */
  @ApiProperty({ type: [String], required: false })
  permissions?: string[];
  api_version?: string;

  static from(introspection: Introspection | null): IntrospectionResponse {
    if (!introspection) return Object.assign(new IntrospectionResponse(), { active: false });
    const { token_type, iss, aud, sub, client_id, exp, iat, nbf, jti, scope } = introspection;
    const { sid, tid, auth_time, acr, amr, roles, permissions, api_version } = introspection;
    const standard = { token_type, iss, aud, sub, client_id, exp, iat, nbf, jti, scope };
    const ours = { sid, tid, auth_time, acr, amr, roles, permissions, api_version };
    return Object.assign(new IntrospectionResponse(), { active: true, ...standard, ...ours });
  }
}
