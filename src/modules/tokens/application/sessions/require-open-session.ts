import { Injectable } from '@nestjs/common';
import { sessionId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import type { DomainEvent } from '../../../../platform/events/event-log';
import { AccessTokenRefused } from '../../domain/errors';
import { Sessions } from './sessions.port';

/** What is done slowly in a session counts for nothing when that has ended meanwhile. */
@Injectable()
export class RequireOpenSession {
  constructor(
    private readonly sessions: Sessions,
    private readonly work: UnitOfWork,
  ) {}

  /** Ends nothing. Throws AccessTokenRefused, and with it takes the change back, when the session it was made in is over. */
  async onBackupCodesRenewed({ userId, outcome, details }: DomainEvent): Promise<void> {
    const made = details?.kept_session_id;
    if (outcome !== 'success' || userId === null || typeof made !== 'string') return;
    const isOpen = await this.work.run(async (now) => {
      const session = await this.sessions.takeOf(userId, sessionId(made));
      return session?.isOpen(now) === true;
    });
    if (!isOpen) throw new AccessTokenRefused('TOKEN_INVALID');
  }
}
