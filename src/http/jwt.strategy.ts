import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { decode } from 'jsonwebtoken';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { Principal } from '../kernel/principal';
import {
  ACCESS_TOKEN_TYPE,
  TokensFacade,
  type VerificationKey,
  type VerifiedClaims,
} from '../modules/tokens/tokens.facade';
import { TokenSettings } from '../platform/config/settings';

/** Headers that name a key of the sender's own (RFC 8725, 3.10), or extensions we do not know. None is ever ours. */
const FOREIGN_HEADERS = ['jku', 'jwk', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'crit', 'zip', 'b64'];

type KeyCallback = (error: Error | null, key?: string | Buffer) => void;

/** Access tokens: signature by one of our keys, by that key's own algorithm; exact issuer, audience and type; not expired. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(
    private readonly tokens: TokensFacade,
    { issuer, audience }: TokenSettings,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: (_request: unknown, token: string, done: KeyCallback) => {
        keyOf(token, tokens).then(
          // The library takes a KeyObject; its types are older than that.
          (key) => {
            done(key ? null : new Error('No key of ours'), key?.key as unknown as Buffer);
          },
          (error: unknown) => {
            done(error instanceof Error ? error : new Error('Key lookup failed'));
          },
        );
      },
      issuer,
      audience,
      algorithms: ['ES256', 'RS256', 'PS256', 'HS256'],
      // nbf is checked with an allowance for clocks that differ; exp is exact.
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the remark belongs to the options that replace it
      jsonWebTokenOptions: { ignoreNotBefore: true },
    });
  }

  /** Returns false, which is a refusal, when the session behind the token is no longer in force. */
  async validate(claims: VerifiedClaims): Promise<Principal | false> {
    return (await this.tokens.authenticate(claims)) ?? false;
  }
}

/** The key a token's header names, provided the header asks for nothing but what we issue. */
async function keyOf(token: string, tokens: TokensFacade): Promise<VerificationKey | null> {
  if (!isCanonical(token)) return null;
  const header = decode(token, { complete: true })?.header as Readonly<Record<string, unknown>> | undefined;
  if (header?.typ !== ACCESS_TOKEN_TYPE || typeof header.kid !== 'string') return null;
  if (FOREIGN_HEADERS.some((name) => name in header)) return null;
  const key = await tokens.verificationKey(header.kid);
  return key?.algorithm === header.alg ? key : null;
}

/** Of a token there is one spelling: base64url has spare bits in its last letters, which a decoder overlooks. */
function isCanonical(token: string): boolean {
  return token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}
