import { Injectable } from '@nestjs/common';
import { TokenSettings } from '../../../platform/config/settings';
import { Random } from '../../../platform/crypto/random';
import type { SessionState } from '../domain/session';
import { AccessTokenSigner } from './access-token-signer.port';
import { RefreshTokenCodec } from './refresh-token-codec.port';

/** RFC 6749, 5.1, with what clients of this service read beside it. Durations are in seconds. */
export type TokenPair = {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
  readonly refreshExpiresIn: number;
  readonly scope: string;
  readonly sessionId: string;
  readonly tenantId: string;
};

export type Grants = { readonly roles: readonly string[]; readonly permissions: readonly string[] };

const SCOPE = 'read write';
const API_VERSION = '1';
const FIRST_PARTY = 'doorward';

/** Makes the tokens of a session: an access token with its grants, and the refresh token that is current. */
@Injectable()
export class TokenPairs {
  constructor(
    private readonly signer: AccessTokenSigner,
    private readonly codec: RefreshTokenCodec,
    private readonly random: Random,
    private readonly settings: TokenSettings,
  ) {}

  issue(session: SessionState, { roles, permissions }: Grants, now: Date): TokenPair {
    const issuedAt = Math.floor(now.getTime() / 1000);
    const { issuer, audience, accessSeconds } = this.settings;
    const accessToken = this.signer.sign({
      iss: issuer,
      aud: audience,
      sub: session.userId,
      iat: issuedAt,
      nbf: issuedAt,
      exp: issuedAt + accessSeconds,
      jti: this.random.uuid(now),
      client_id: FIRST_PARTY,
      sid: session.id,
      tid: session.tenantId,
      auth_time: Math.floor(session.authenticatedAt.getTime() / 1000),
      acr: session.authenticationMethods.length > 1 ? 'aal2' : 'aal1',
      amr: session.authenticationMethods,
      roles,
      permissions,
      scope: SCOPE,
      api_version: API_VERSION,
    });
    return {
      accessToken,
      refreshToken: this.codec.seal(session),
      expiresIn: accessSeconds,
      refreshExpiresIn: Math.max(0, Math.floor((session.idleExpiresAt.getTime() - now.getTime()) / 1000)),
      scope: SCOPE,
      sessionId: session.id,
      tenantId: session.tenantId,
    };
  }
}

/** What the settings say of a session's life, as the domain takes it. */
export function lifetimesOf(settings: TokenSettings): {
  readonly graceSeconds: number;
  readonly idleSeconds: number;
  readonly absoluteSeconds: number;
} {
  return {
    graceSeconds: settings.refreshGraceSeconds,
    idleSeconds: settings.refreshIdleSeconds,
    absoluteSeconds: settings.refreshAbsoluteSeconds,
  };
}
