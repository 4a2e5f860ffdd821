import { Injectable } from '@nestjs/common';
import type { SessionId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import type { VerifiedClaims } from './application/access-tokens.port';
import { AuthenticateAccessToken, type SessionProofs } from './application/authenticate-access-token';
import type { ClientTraits } from './application/sessions/devices.port';
import { LastSeen } from './application/sessions/last-seen.port';
import { ReauthenticateSession } from './application/sessions/reauthenticate-session';
import { type SessionOpening, StartSession } from './application/sessions/start-session';
import { type AccessToken, type Granted, type TokenPair, TokenPairs } from './application/token-pairs';

export { AccessTokenRefused } from './domain/errors';
/** The one shape in which tokens leave this service. */
export { TokenPairResponse } from './http/tokens.dto';
export type { AccessToken, ClientTraits, Granted, SessionOpening, SessionProofs, TokenPair, VerifiedClaims };

/** All that the rest of the system may ask about tokens and sessions. Plain data in, plain data out. */
@Injectable()
export class TokensFacade {
  constructor(
    private readonly starting: StartSession,
    private readonly reauthenticating: ReauthenticateSession,
    private readonly pairs: TokenPairs,
    private readonly authenticating: AuthenticateAccessToken,
    private readonly lastSeen: LastSeen,
  ) {}

  /** Opens a session within the caller's unit of work; its tokens are issued after the commit. */
  startSession(opening: SessionOpening): Promise<Granted> {
    return this.starting.execute(opening);
  }

  /** The same for a client as long as it is the same program on the same kind of device, whatever its version. */
  fingerprintOf(client: ClientTraits): string {
    return this.starting.fingerprintOf(client);
  }

  /** The tokens of a session that was started. Not within a unit of work. */
  issue(granted: Granted): Promise<TokenPair> {
    return this.pairs.issue(granted);
  }

  /** Notes, within the caller's unit of work, that a session's user proved again who they are; null when it is over. */
  reauthenticate(by: Principal, methods: readonly string[]): Promise<Granted | null> {
    return this.reauthenticating.execute(by, methods);
  }

  /** An access token alone. Not within a unit of work. */
  issueAccess(granted: Granted): Promise<AccessToken> {
    return this.pairs.issueAccess(granted);
  }

  /** What an access token says, if it is ours and not expired. Throws AccessTokenRefused. */
  verify(accessToken: string): Promise<VerifiedClaims> {
    return this.authenticating.verify(accessToken);
  }

  /** Whoever verified claims speak for; null when the session is no longer in force. */
  authenticate(claims: VerifiedClaims): Promise<Principal | null> {
    return this.authenticating.execute(claims);
  }

  /** Whether the caller's session is in force at this very moment, whatever was believed a moment ago. */
  isInForce(by: Pick<Principal, 'sessionId' | 'tenantId'>): Promise<boolean> {
    return this.authenticating.isInForce(by);
  }

  /** What has been proven in the caller's session by this very moment; null: it is over, or there is none. */
  proofsOf(by: Principal): Promise<SessionProofs | null> {
    return this.authenticating.proofsOf(by);
  }

  /** A session was used from an address. Costs nothing: it is written later, with many others. */
  noteUse(session: SessionId, ipAddress: string | null, at: Date): void {
    this.lastSeen.note(session, ipAddress, at);
  }
}
