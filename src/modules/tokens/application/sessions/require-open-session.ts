import { Injectable } from '@nestjs/common';
import { type SessionId, sessionId, type UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import type { DomainEvent } from '../../../../platform/events/event-log';
import { AccountsFacade } from '../../../identity/accounts.facade';
import { AccessTokenRefused } from '../../domain/errors';
import { Sessions } from './sessions.port';

/**
 * What would outlive a session counts for nothing when that has ended meanwhile. The guard let the request in before: whoever
 * takes an account back ends its sessions and what was left in it, and what comes a moment later must not be left after that.
 */
@Injectable()
export class RequireOpenSession {
  constructor(
    private readonly sessions: Sessions,
    private readonly accounts: AccountsFacade,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Ends nothing. Throws AccessTokenRefused, and with it takes the change back, when the session it was made in is over.
   * Holds the user: whoever ends the sessions of one waits, and then finds what was left.
   */
  async onDone({ userId, outcome, details }: DomainEvent): Promise<void> {
    const made = details?.kept_session_id;
    if (outcome !== 'success' || userId === null || typeof made !== 'string') return;
    const isOpen = await this.work.run((now) => this.isOpen(userId, sessionId(made), now));
    if (!isOpen) throw new AccessTokenRefused('TOKEN_INVALID');
  }

  private async isOpen(user: UserId, id: SessionId, now: Date): Promise<boolean> {
    await this.accounts.hold(user);
    const session = await this.sessions.takeOf(user, id);
    return session?.isOpen(now) === true;
  }
}
