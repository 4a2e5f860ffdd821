import { Injectable } from '@nestjs/common';
import { isUuid, type SessionId, sessionId } from '../../../kernel/ids';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import type { Session } from '../domain/session';
import { sessionRevoked } from '../tokens.events';
import { AuthenticateAccessToken } from './authenticate-access-token';
import { OpenSessions } from './sessions/open-sessions';

/**
 * Revocation by whoever bears the token (RFC 7009). Both kinds of token stand for their session, and it ends: access
 * tokens are known by their session and never by their text, which can be spelt in more than one way.
 */
@Injectable()
export class RevokeToken {
  constructor(
    private readonly authentication: AuthenticateAccessToken,
    private readonly open: OpenSessions,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** A token that is unknown, over or not ours is no error: what was asked for is so already (RFC 7009, 2.2). */
  async execute(token: string): Promise<void> {
    const named = await this.sessionNamedBy(token);
    await this.work.run(async (now) => {
      const session = named
        ? await this.open.take(named)
        : ((await this.open.takeByRefreshToken(token))?.session ?? null);
      if (session) await this.end(session, now);
    });
  }

  private async end(session: Session, now: Date): Promise<void> {
    if (!session.revoke('revoked_by_client', now)) return;
    await this.open.save(session);
    await this.events.append(sessionRevoked(session.snapshot(), 'revoked_by_client'));
  }

  private async sessionNamedBy(token: string): Promise<SessionId | null> {
    const sid = (await this.authentication.claimsOf(token))?.sid;
    return typeof sid === 'string' && isUuid(sid) ? sessionId(sid) : null;
  }
}
