import { Injectable } from '@nestjs/common';
import { type SessionId, sessionId, type UserId } from '../../../../kernel/ids';
import { TokenSettings } from '../../../../platform/config/settings';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type DomainEvent, EventLog } from '../../../../platform/events/event-log';
import { AccountsFacade } from '../../../identity/accounts.facade';
import { AccessTokenRefused } from '../../domain/errors';
import type { RevocationReason, Session } from '../../domain/session';
import { otherSessionsRevoked } from '../../tokens.events';
import { Sessions } from './sessions.port';

/** Which of the open sessions goes on, of the one the event names; null: none. */
type Keeping = (named: SessionId | null, open: readonly SessionId[]) => SessionId | null;

/** What becomes of the session that is kept. False: it is over. */
type Change = ((session: Session, at: Date) => boolean) | null;

type End = {
  readonly kept: SessionId | null;
  readonly reason: RevocationReason;
  readonly change: Change;
  readonly at: Date;
};

const forgetting: Change = (session) => {
  session.forgetFactors();
  return true;
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
    private readonly accounts: AccountsFacade,
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

  /** By somebody for whom an identity provider vouches: whoever signed in before need not be the owner (RC-09). */
  onReclaimed(event: DomainEvent): Promise<void> {
    return this.end(event, 'account_reclaimed', () => null);
  }

  /** The session it was asked for in goes on, if it has not ended before the mail was answered. */
  onEmailChanged(event: DomainEvent): Promise<void> {
    return this.end(event, 'email_changed', (kept, open) => (kept !== null && open.includes(kept) ? kept : null));
  }

  /** The session that goes on has shown the new factor. Throws AccessTokenRefused as `onPasswordChanged` does. */
  onFactorEnrolled(event: DomainEvent): Promise<void> {
    const proven = wordsOf(event.details?.amr);
    return this.end(event, 'factors_changed', named, (session, at) =>
      session.prove(proven, this.settings.lifetimes.aal2, at),
    );
  }

  /**
   * By an administrator there is no session it was made in. Where no factor is left, the session that goes on has shown none.
   * Throws AccessTokenRefused as `onPasswordChanged` does.
   */
  onFactorsDisabled(event: DomainEvent): Promise<void> {
    return this.end(event, 'factors_changed', named, event.details?.left === 0 ? forgetting : null);
  }

  /**
   * By its user: whoever came by that identity is out, and passes no second step that was begun by it. One that goes with what
   * happens to the account ends what that does. Throws AccessTokenRefused as `onPasswordChanged` does.
   */
  async onUnlinked(event: DomainEvent): Promise<void> {
    const { userId, outcome, details } = event;
    if (outcome !== 'success' || userId === null || details?.reason !== 'user') return;
    await this.work.run(async () => {
      await this.accounts.renewStamp(userId);
      await this.end(event, 'identity_unlinked', named);
    });
  }

  private async end(
    event: DomainEvent,
    reason: RevocationReason,
    keeping: Keeping,
    change: Change = null,
  ): Promise<void> {
    const { userId, outcome, details } = event;
    if (outcome !== 'success' || userId === null) return;
    const made = details?.kept_session_id;
    await this.work.run(async (at) => {
      const open = await this.sessions.holdAllOf(userId);
      const kept = keeping(typeof made === 'string' ? sessionId(made) : null, open);
      await this.endAll(event, userId, { kept, reason, change, at });
    });
  }

  private async endAll(event: DomainEvent, user: UserId, { kept, reason, change, at }: End): Promise<void> {
    const count = await this.sessions.revokeAllOf(user, kept, reason, at);
    if (kept !== null) await this.keep(kept, change, at);
    if (count > 0) await this.events.append(otherSessionsRevoked(event, reason, count));
  }

  private async keep(id: SessionId, change: Change, at: Date): Promise<void> {
    if (change) {
      const session = await this.sessions.take(id);
      if (!session || !change(session, at)) throw new AccessTokenRefused('TOKEN_INVALID');
      await this.sessions.save(session);
    }
    // The user's security stamp is another by now, and a session under the old one would be over.
    await this.sessions.renewStamp(id);
  }
}

function wordsOf(detail: unknown): readonly string[] {
  return Array.isArray(detail) ? detail.filter((word) => typeof word === 'string') : [];
}
