import { Injectable } from '@nestjs/common';
import { TokenSettings } from '../../../platform/config/settings';
import { Random } from '../../../platform/crypto/random';
import { API_VERSION, jitterLimitSeconds } from '../domain/access-token-claims';
import { assuranceOf, type SessionState } from '../domain/session';
import { AccessTokens } from './access-tokens.port';
import { RefreshTokenCodec } from './refresh-token-codec.port';

/** RFC 6749, 5.1. */
export type AccessToken = {
  readonly accessToken: string;
  /** In seconds. */
  readonly expiresIn: number;
};

/** RFC 6749, 5.1, with what clients of this service read beside it. Durations are in seconds. */
export type TokenPair = AccessToken & {
  readonly refreshToken: string;
  readonly refreshExpiresIn: number;
  readonly scope: string;
  readonly sessionId: string;
  readonly tenantId: string;
  /** Whether the session is good for nothing but what leads to a second factor. */
  readonly confined: boolean;
};

export type Grants = { readonly roles: readonly string[]; readonly permissions: readonly string[] };

/** A session as it was committed, and all that its tokens are made of. */
export type Granted = {
  readonly session: SessionState;
  readonly grants: Grants;
  /** Whether nothing of the grants is to be had before there is a second factor. */
  readonly confined: boolean;
  readonly at: Date;
};

const SCOPE = 'read write';
const NOTHING: Grants = { roles: [], permissions: [] };
/** All tokens are made for clients that act for their user themselves. */
export const FIRST_PARTY = 'doorward';

/**
 * Makes the tokens of a session: an access token with its grants, and the refresh token that is current. After the unit
 * of work, not within it: signing takes time, and the row is waited for.
 */
@Injectable()
export class TokenPairs {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly codec: RefreshTokenCodec,
    private readonly random: Random,
    private readonly settings: TokenSettings,
  ) {}

  async issue(granted: Granted): Promise<TokenPair> {
    const { session, confined, at } = granted;
    const idleMs = session.idleExpiresAt.getTime() - at.getTime();
    return {
      ...(await this.issueAccess(granted)),
      refreshToken: this.codec.seal(session),
      refreshExpiresIn: Math.max(0, Math.floor(idleMs / 1000)),
      scope: scopeOf(granted),
      sessionId: session.id,
      tenantId: session.tenantId,
      confined,
    };
  }

  async issueAccess(granted: Granted): Promise<AccessToken> {
    const { session, confined, at } = granted;
    // Resource servers read the token alone: it says nothing that the session is not good for.
    const { roles, permissions } = confined ? NOTHING : granted.grants;
    const issuedAt = Math.floor(at.getTime() / 1000);
    const { issuer, audience, accessSeconds } = this.settings;
    const expiresIn = accessSeconds - this.random.below(jitterLimitSeconds(accessSeconds));
    const accessToken = await this.tokens.sign({
      iss: issuer,
      aud: audience,
      sub: session.userId,
      iat: issuedAt,
      nbf: issuedAt,
      exp: issuedAt + expiresIn,
      jti: this.random.uuid(at),
      client_id: FIRST_PARTY,
      sid: session.id,
      tid: session.tenantId,
      auth_time: Math.floor(session.authenticatedAt.getTime() / 1000),
      acr: assuranceOf(session.authenticationMethods),
      amr: session.authenticationMethods,
      roles,
      permissions,
      scope: scopeOf(granted),
      api_version: API_VERSION,
    });
    return { accessToken, expiresIn };
  }
}

function scopeOf({ confined }: Granted): string {
  return confined ? '' : SCOPE;
}
