import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import type { SessionId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { AccessTokenRefused } from '../../domain/errors';
import { otherSessionsRevoked, sessionRevoked } from '../../tokens.events';
import { Sessions } from './sessions.port';

/**
 * What users end from the list of their sessions. Access tokens of an ended session are refused from then on. All open
 * sessions are held first: of two that would end each other one is first, and the other is over.
 */
@Injectable()
export class RevokeSessions {
  constructor(
    private readonly sessions: Sessions,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Throws NotFound when the session is somebody else's, is over already, or never was, and AccessTokenRefused when the
   * caller's own is over.
   */
  async executeOne(by: Principal, id: SessionId): Promise<void> {
    const outcome = await this.work.run(async (now) => {
      if (!(await this.isOpen(by))) return 'refused';
      const session = await this.sessions.takeOf(by.userId, id);
      if (!session?.revoke('ended_by_user', now)) return 'not_found';
      await this.sessions.save(session);
      await this.events.append(sessionRevoked(session.snapshot(), 'ended_by_user'));
      return 'ended';
    });
    if (outcome === 'refused') throw new AccessTokenRefused('TOKEN_INVALID');
    if (outcome === 'not_found') throw new NotFound();
  }

  /**
   * All of the user's sessions, in whichever tenant, but `kept`. Returns how many were open. Throws AccessTokenRefused
   * when the caller's own is over.
   */
  async executeAll(by: Principal, kept: SessionId | null): Promise<number> {
    const count = await this.work.run(async (now) => {
      if (!(await this.isOpen(by))) return null;
      const revoked = await this.sessions.revokeAllOf(by.userId, kept, 'ended_by_user', now);
      if (revoked > 0) await this.events.append(otherSessionsRevoked(by, 'ended_by_user', revoked));
      return revoked;
    });
    if (count === null) throw new AccessTokenRefused('TOKEN_INVALID');
    return count;
  }

  private async isOpen({ userId, sessionId }: Principal): Promise<boolean> {
    return sessionId === null || (await this.sessions.holdAllOf(userId)).includes(sessionId);
  }
}
