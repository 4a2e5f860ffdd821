import { Injectable } from '@nestjs/common';
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import { TokenSettings } from '../../../platform/config/settings';
import { Clock } from '../../../platform/time/clock';
import { AccessTokens, type VerifiedClaims } from '../application/access-tokens.port';
import { SigningKeys, type VerificationKey } from '../application/signing-keys/signing-keys.port';
import { ACCESS_TOKEN_TYPE, type AccessTokenClaims, CLOCK_SKEW_SECONDS } from '../domain/access-token-claims';
import { AccessTokenRefused } from '../domain/errors';

/** Headers that name a key of the sender's own (RFC 8725, 3.10), or extensions we do not know. None is ever ours. */
const FOREIGN_HEADERS = ['jku', 'jwk', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'crit', 'zip', 'b64'];
const REQUIRED_CLAIMS = ['sub', 'iat', 'nbf', 'exp', 'jti', 'sid', 'tid'];

@Injectable()
export class JoseAccessTokens extends AccessTokens {
  constructor(
    private readonly keys: SigningKeys,
    private readonly settings: TokenSettings,
    private readonly clock: Clock,
  ) {
    super();
  }

  async sign(claims: AccessTokenClaims): Promise<string> {
    const { kid, algorithm, key } = await this.keys.current();
    return new SignJWT({ ...claims, amr: [...claims.amr], roles: [...claims.roles] })
      .setProtectedHeader({ alg: algorithm, typ: ACCESS_TOKEN_TYPE, kid })
      .sign(key);
  }

  /** Signature by one of our keys, by that key's own algorithm; exact issuer, audience and type; not expired. */
  async verify(token: string): Promise<VerifiedClaims> {
    const signedWith = await this.keyOf(token);
    if (!signedWith) throw new AccessTokenRefused('TOKEN_INVALID');
    const { issuer, audience } = this.settings;
    const now = this.clock.now();
    try {
      const { payload } = await jwtVerify(token, signedWith.key, {
        algorithms: [signedWith.algorithm],
        issuer,
        audience,
        typ: ACCESS_TOKEN_TYPE,
        requiredClaims: REQUIRED_CLAIMS,
        currentDate: now,
        clockTolerance: CLOCK_SKEW_SECONDS,
      });
      // The allowance is for tokens of a replica whose clock is ahead, not for those whose time is over.
      if ((payload.exp ?? 0) * 1000 <= now.getTime()) throw new AccessTokenRefused('TOKEN_EXPIRED');
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new AccessTokenRefused('TOKEN_EXPIRED');
      if (error instanceof errors.JOSEError) throw new AccessTokenRefused('TOKEN_INVALID');
      throw error;
    }
  }

  /** The key a token's header names, provided the header asks for nothing but what we issue. */
  private async keyOf(token: string): Promise<VerificationKey | null> {
    const header = headerOf(token);
    if (header?.typ !== ACCESS_TOKEN_TYPE || typeof header.kid !== 'string') return null;
    if (FOREIGN_HEADERS.some((name) => name in header)) return null;
    const key = await this.keys.find(header.kid);
    return key?.algorithm === header.alg ? key : null;
  }
}

function headerOf(token: string): Readonly<Record<string, unknown>> | null {
  if (!isCanonical(token)) return null;
  try {
    return decodeProtectedHeader(token);
  } catch {
    return null;
  }
}

/** Of a token there is one spelling: base64url has spare bits in its last letters, which a decoder overlooks. */
function isCanonical(token: string): boolean {
  return token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}
