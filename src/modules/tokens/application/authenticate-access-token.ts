import { Injectable } from '@nestjs/common';
import { isUuid, sessionId } from '../../../kernel/ids';
import type { Principal } from '../../../kernel/principal';
import { Clock } from '../../../platform/time/clock';
import { hasBegun } from '../domain/access-token-claims';
import { LiveSessions } from './live-sessions.port';

/** Claims of a token whose signature, issuer, audience and expiry were found right. Their types were not. */
export type VerifiedClaims = Readonly<Record<string, unknown>>;

/** Turns a verified token into whoever is calling now. */
@Injectable()
export class AuthenticateAccessToken {
  constructor(
    private readonly live: LiveSessions,
    private readonly clock: Clock,
  ) {}

  /** null when a claim is missing or wrong, or the session is no longer in force. */
  async execute({ sub, sid, tid, jti, iat, nbf, exp }: VerifiedClaims): Promise<Principal | null> {
    const now = this.clock.now();
    const dated = typeof iat === 'number' && typeof nbf === 'number' && typeof exp === 'number';
    if (!dated || !hasBegun(nbf, now) || typeof jti !== 'string') return null;
    if (typeof sid !== 'string' || !isUuid(sid)) return null;
    const principal = await this.live.find(sessionId(sid), now);
    return principal?.userId === sub && principal?.tenantId === tid ? principal : null;
  }
}
