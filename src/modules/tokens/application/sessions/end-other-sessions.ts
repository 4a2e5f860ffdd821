import { Injectable } from '@nestjs/common';
import { sessionId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type DomainEvent, EventLog } from '../../../../platform/events/event-log';
import { AccessTokenRefused } from '../../domain/errors';
import { otherSessionsRevoked } from '../../tokens.events';
import { Sessions } from './sessions.port';

/** A changed password ends every session but the one it was changed in, in the transaction of the change. */
@Injectable()
export class EndOtherSessions {
  constructor(
    private readonly sessions: Sessions,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws AccessTokenRefused, and with it takes the change back, when the session it was made in is over. */
  async onPasswordChanged(event: DomainEvent): Promise<void> {
    const { userId, outcome, details } = event;
    if (outcome !== 'success' || userId === null) return;
    const kept = details?.kept_session_id;
    await this.work.run(async (now) => {
      const keptId = typeof kept === 'string' ? sessionId(kept) : null;
      const open = await this.sessions.holdAllOf(userId);
      if (keptId !== null && !open.includes(keptId)) throw new AccessTokenRefused('TOKEN_INVALID');
      const count = await this.sessions.revokeAllOf(userId, keptId, 'password_changed', now);
      // The user's security stamp is another by now, and a session under the old one would be over.
      if (keptId !== null) await this.sessions.renewStamp(keptId);
      if (count > 0) await this.events.append(otherSessionsRevoked(event, 'password_changed', count));
    });
  }
}
