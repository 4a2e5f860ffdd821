import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { Principal } from '../kernel/principal';
import { TokensFacade, type VerifiedClaims } from '../modules/tokens/tokens.facade';

type Done<T> = (error: Error | null, result?: T) => void;
type Verifier = Pick<TokensFacade, 'verify'>;
type WithVerifier = {
  JwtVerifier: (token: string, verifier: Verifier, options: unknown, done: Done<VerifiedClaims>) => void;
};

/**
 * The library's own verifier knows no EdDSA. In its place stands whoever the "key provider" names: the tokens module,
 * which chooses key and algorithm by itself (ADR 0010). One line for all strategies of a process, so it keeps nothing.
 */
(Strategy as unknown as WithVerifier).JwtVerifier = (token, verifier, _options, done) => {
  verifier.verify(token).then(
    (claims) => {
      done(null, claims);
    },
    (error: unknown) => {
      done(error as Error);
    },
  );
};

/** Access tokens, sent as `Authorization: Bearer`. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(private readonly tokens: TokensFacade) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: (_request: unknown, _token: unknown, done: (error: null, verifier: never) => void) => {
        done(null, tokens as never);
      },
    });
  }

  /** Returns false, which is a refusal, when the session behind the token is no longer in force. */
  async validate(claims: VerifiedClaims): Promise<Principal | false> {
    return (await this.tokens.authenticate(claims)) ?? false;
  }
}
