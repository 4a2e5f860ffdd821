import { Injectable } from '@nestjs/common';
import { type SessionId, sessionId, type UserId } from '../../../../kernel/ids';
import { TokenSettings } from '../../../../platform/config/settings';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type DomainEvent, EventLog } from '../../../../platform/events/event-log';
import { AccessTokenRefused } from '../../domain/errors';
import type { RevocationReason } from '../../domain/session';
import { otherSessionsRevoked } from '../../tokens.events';
import { Sessions } from './sessions.port';

/** Which of the open sessions goes on, of the one the event names; null: none. */
type Keeping = (named: SessionId | null, open: readonly SessionId[]) => SessionId | null;

type End = {
  readonly kept: SessionId | null;
  readonly reason: RevocationReason;
  /** What was proven by the change in the session that is kept (RFC 8176). */
  readonly proven: readonly string[];
  readonly at: Date;
};

/** The change is taken back when the session it was made in is over. */
const named: Keeping = (kept, open) => {
  if (kept !== null && !open.includes(kept)) throw new AccessTokenRefused('TOKEN_INVALID');
  return kept;
};

/** A change of what protects an account ends its sessions but the one it was made in, in the transaction of the change. */
@Injectable()
export class EndOtherSessions {
  constructor(
    private readonly sessions: Sessions,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
    private readonly settings: TokenSettings,
  ) {}

  /** Throws AccessTokenRefused, and with it takes the change back, when the session it was made in is over. */
  onPasswordChanged(event: DomainEvent): Promise<void> {
    return this.end(event, 'password_changed', named);
  }

  /** By mail: there is no session it was made in. */
  onPasswordReset(event: DomainEvent): Promise<void> {
    return this.end(event, 'password_reset', () => null);
  }

  /** The session it was asked for in goes on, if it has not ended before the mail was answered. */
  onEmailChanged(event: DomainEvent): Promise<void> {
    return this.end(event, 'email_changed', (kept, open) => (kept !== null && open.includes(kept) ? kept : null));
  }

  /** The session that goes on has shown the new factor. Throws AccessTokenRefused as `onPasswordChanged` does. */
  onFactorEnrolled(event: DomainEvent): Promise<void> {
    return this.end(event, 'factors_changed', named, wordsOf(event.details?.amr));
  }

  /** By an administrator there is no session it was made in. Throws AccessTokenRefused as `onPasswordChanged` does. */
  onFactorsDisabled(event: DomainEvent): Promise<void> {
    return this.end(event, 'factors_changed', named);
  }

  private async end(
    event: DomainEvent,
    reason: RevocationReason,
    keeping: Keeping,
    proven: readonly string[] = [],
  ): Promise<void> {
    const { userId, outcome, details } = event;
    if (outcome !== 'success' || userId === null) return;
    const made = details?.kept_session_id;
    await this.work.run(async (at) => {
      const open = await this.sessions.holdAllOf(userId);
      const kept = keeping(typeof made === 'string' ? sessionId(made) : null, open);
      await this.endAll(event, userId, { kept, reason, proven, at });
    });
  }

  private async endAll(event: DomainEvent, user: UserId, { kept, reason, proven, at }: End): Promise<void> {
    const count = await this.sessions.revokeAllOf(user, kept, reason, at);
    if (kept !== null) await this.keep(kept, proven, at);
    if (count > 0) await this.events.append(otherSessionsRevoked(event, reason, count));
  }

  private async keep(id: SessionId, proven: readonly string[], at: Date): Promise<void> {
    if (proven.length > 0) {
      const session = await this.sessions.take(id);
      if (!session?.prove(proven, this.settings.lifetimes.aal2, at)) throw new AccessTokenRefused('TOKEN_INVALID');
      await this.sessions.save(session);
    }
    // The user's security stamp is another by now, and a session under the old one would be over.
    await this.sessions.renewStamp(id);
  }
}

function wordsOf(detail: unknown): readonly string[] {
  return Array.isArray(detail) ? detail.filter((word) => typeof word === 'string') : [];
}
