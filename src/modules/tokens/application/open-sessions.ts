import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../kernel/principal';
import type { Session } from '../domain/session';
import { LiveSessions } from './live-sessions.port';
import { RefreshTokenCodec } from './refresh-token-codec.port';
import { Sessions } from './sessions.port';

/** Finds the session a refresh token belongs to, and proves that it does. */
@Injectable()
export class OpenSessions {
  constructor(
    private readonly sessions: Sessions,
    private readonly live: LiveSessions,
    private readonly codec: RefreshTokenCodec,
  ) {}

  /** Takes the session within the caller's unit of work; null unless we issued this very token for it. */
  async takeByRefreshToken(
    presented: string,
  ): Promise<{ readonly session: Session; readonly generation: number } | null> {
    const token = this.codec.open(presented);
    const session = token && (await this.sessions.take(token.sessionId));
    if (!session || !this.codec.isAuthentic(token, session.snapshot())) return null;
    return { session, generation: token.generation };
  }

  /** Whose session it is, if session, user, tenant and membership are in force. */
  liveHolder(session: Session, now: Date): Promise<Principal | null> {
    return this.live.find(session.snapshot().id, now);
  }

  save(session: Session): Promise<void> {
    return this.sessions.save(session);
  }
}
