import { Injectable } from '@nestjs/common';
import { type SessionId, sessionId, type UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type DomainEvent, EventLog } from '../../../../platform/events/event-log';
import { AccessTokenRefused } from '../../domain/errors';
import type { RevocationReason } from '../../domain/session';
import { otherSessionsRevoked } from '../../tokens.events';
import { Sessions } from './sessions.port';

/** A change of what protects an account ends its sessions but the one it was made in, in the transaction of the change. */
@Injectable()
export class EndOtherSessions {
  constructor(
    private readonly sessions: Sessions,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws AccessTokenRefused, and with it takes the change back, when the session it was made in is over. */
  onPasswordChanged(event: DomainEvent): Promise<void> {
    return this.end(event, 'password_changed', (kept, open) => {
      if (kept !== null && !open.includes(kept)) throw new AccessTokenRefused('TOKEN_INVALID');
      return kept;
    });
  }

  /** By mail: there is no session it was made in. */
  onPasswordReset(event: DomainEvent): Promise<void> {
    return this.end(event, 'password_reset', () => null);
  }

  /** The session it was asked for in goes on, if it has not ended before the mail was answered. */
  onEmailChanged(event: DomainEvent): Promise<void> {
    return this.end(event, 'email_changed', (kept, open) => (kept !== null && open.includes(kept) ? kept : null));
  }

  private async end(
    event: DomainEvent,
    reason: RevocationReason,
    keptOf: (named: SessionId | null, open: readonly SessionId[]) => SessionId | null,
  ): Promise<void> {
    const { userId, outcome, details } = event;
    if (outcome !== 'success' || userId === null) return;
    const named = details?.kept_session_id;
    await this.work.run(async (now) => {
      const open = await this.sessions.holdAllOf(userId);
      const kept = keptOf(typeof named === 'string' ? sessionId(named) : null, open);
      await this.endAll(event, userId, { kept, reason, at: now });
    });
  }

  private async endAll(
    event: DomainEvent,
    user: UserId,
    { kept, reason, at }: { readonly kept: SessionId | null; readonly reason: RevocationReason; readonly at: Date },
  ): Promise<void> {
    const count = await this.sessions.revokeAllOf(user, kept, reason, at);
    // The user's security stamp is another by now, and a session under the old one would be over.
    if (kept !== null) await this.sessions.renewStamp(kept);
    if (count > 0) await this.events.append(otherSessionsRevoked(event, reason, count));
  }
}
