import { Injectable } from '@nestjs/common';
import { CredentialsAmbiguous } from '../../../../kernel/domain-error';
import type { SessionId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { InvalidRefreshToken } from '../../domain/errors';
import type { Session } from '../../domain/session';
import { signedOut } from '../../tokens.events';
import { OpenSessions } from './open-sessions';

/** Signs out: ends the session of an access token, of a refresh token, or of both when they are of one session. */
@Injectable()
export class EndSession {
  constructor(
    private readonly open: OpenSessions,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** Ending an ended session is no error. */
  async executeById(id: SessionId): Promise<void> {
    await this.work.run(async (now) => {
      const session = await this.open.take(id);
      if (session) await this.end(session, now);
    });
  }

  /**
   * `alsoOf` is the session of an access token sent beside the refresh token.
   * Throws InvalidRefreshToken, and CredentialsAmbiguous when the two name different sessions.
   */
  async executeByRefreshToken(presented: string, alsoOf: SessionId | null): Promise<void> {
    const outcome = await this.work.run(async (now) => {
      const found = await this.open.takeByRefreshToken(presented);
      if (!found) return 'refused';
      if (alsoOf !== null && alsoOf !== found.session.snapshot().id) return 'ambiguous';
      await this.end(found.session, now);
      return 'ended';
    });
    if (outcome === 'refused') throw new InvalidRefreshToken();
    if (outcome === 'ambiguous') throw new CredentialsAmbiguous();
  }

  private async end(session: Session, now: Date): Promise<void> {
    if (!session.revoke('signed_out', now)) return;
    await this.open.save(session);
    await this.events.append(signedOut(session.snapshot()));
  }
}
