import { Injectable } from '@nestjs/common';
import { sessionId } from '../../../kernel/ids';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { type DomainEvent, EventLog } from '../../../platform/events/event-log';
import { otherSessionsRevoked } from '../tokens.events';
import { Sessions } from './sessions.port';

/** A changed password ends every session but the one it was changed in, in the transaction of the change. */
@Injectable()
export class EndOtherSessions {
  constructor(
    private readonly sessions: Sessions,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  async onPasswordChanged(event: DomainEvent): Promise<void> {
    const { userId, outcome, details } = event;
    if (outcome !== 'success' || userId === null) return;
    const kept = details?.kept_session_id;
    await this.work.run(async (now) => {
      const keptId = typeof kept === 'string' ? sessionId(kept) : null;
      const count = await this.sessions.revokeAllOf(userId, keptId, 'password_changed', now);
      if (count > 0) await this.events.append(otherSessionsRevoked(event, count));
    });
  }
}
