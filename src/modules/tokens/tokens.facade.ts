import { Injectable } from '@nestjs/common';
import type { Principal } from '../../kernel/principal';
import { AuthenticateAccessToken, type VerifiedClaims } from './application/authenticate-access-token';
import { SigningKeys, type VerificationKey } from './application/signing-keys.port';
import { type SessionOpening, StartSession } from './application/start-session';
import type { TokenPair } from './application/token-pairs';

export { ACCESS_TOKEN_TYPE } from './domain/access-token-claims';
/** The one shape in which tokens leave this service. */
export { TokenPairResponse } from './http/tokens.dto';
export type { SessionOpening, TokenPair, VerificationKey, VerifiedClaims };

/** All that the rest of the system may ask about tokens and sessions. Plain data in, plain data out. */
@Injectable()
export class TokensFacade {
  constructor(
    private readonly starting: StartSession,
    private readonly authenticating: AuthenticateAccessToken,
    private readonly keys: SigningKeys,
  ) {}

  /** Opens a session within the caller's unit of work. */
  startSession(opening: SessionOpening): Promise<TokenPair> {
    return this.starting.execute(opening);
  }

  /** Whoever a token speaks for, once its signature is verified; null when the session is no longer in force. */
  authenticate(claims: VerifiedClaims): Promise<Principal | null> {
    return this.authenticating.execute(claims);
  }

  /** The key that a token's `kid` names, if it is one of ours. */
  verificationKey(kid: string): Promise<VerificationKey | null> {
    return this.keys.find(kid);
  }

  /** Makes sure there is a key to sign with. To be called once, before the first token. */
  prepareSigningKeys(): Promise<void> {
    return this.keys.prepare();
  }
}
