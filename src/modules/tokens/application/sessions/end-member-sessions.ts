import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type DomainEvent, EventLog } from '../../../../platform/events/event-log';
import { sessionsEndedBy, USER_DELETED } from '../../../tenancy/member.events';
import { apiKeysRevoked } from '../../api-key.events';
import { otherSessionsRevoked } from '../../tokens.events';
import { ApiKeys } from '../api-keys/api-keys.port';
import { Sessions } from './sessions.port';

type Subject = { readonly userId: UserId; readonly tenantId: TenantId | null };

/**
 * Whoever is locked, disabled, signed out or removed by an administrator has no session left in that tenant, from the
 * same transaction on: nor one that goes on when they are let in again. Keys of who is no member any more are revoked;
 * those of who is locked or disabled rest, for what they may do is read with what their owner may.
 */
@Injectable()
export class EndMemberSessions {
  constructor(
    private readonly sessions: Sessions,
    private readonly keys: ApiKeys,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  async onEvent(event: DomainEvent): Promise<void> {
    const scope = sessionsEndedBy(event);
    const { userId, tenantId } = event;
    if (scope === 'none' || userId === null) return;
    const subject = { userId, tenantId: scope === 'tenant' ? tenantId : null };
    await this.work.run(async (now) => {
      const sessions = await this.endSessions(subject, now);
      if (sessions > 0) await this.events.append(otherSessionsRevoked(event, 'ended_by_administrator', sessions));
      if (event.type !== USER_DELETED) return;
      const keys = await this.keys.revokeAllOf(userId, subject.tenantId, now);
      if (keys > 0) await this.events.append(apiKeysRevoked(event, 'user_deleted', keys));
    });
  }

  private endSessions({ userId, tenantId }: Subject, now: Date): Promise<number> {
    const reason = 'ended_by_administrator';
    if (tenantId === null) return this.sessions.revokeAllOf(userId, null, reason, now);
    return this.sessions.revokeAllIn(tenantId, userId, reason, now);
  }
}
