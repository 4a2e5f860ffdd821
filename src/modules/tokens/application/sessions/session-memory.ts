import { Injectable } from '@nestjs/common';
import type { SessionId, TenantId, UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import type { DomainEvent } from '../../../../platform/events/event-log';
import { BriefMemory } from '../../../../platform/memory/brief-memory';
import { Clock } from '../../../../platform/time/clock';
import { type LiveSession, LiveSessions } from './live-sessions.port';

/**
 * What this replica believes of sessions: the truth, at most a second old (decision 8). So whatever ends a session
 * holds everywhere within that second, and at once on the replica that ended it.
 */
@Injectable()
export class SessionMemory {
  private readonly memory: BriefMemory<LiveSession>;

  constructor(
    private readonly live: LiveSessions,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {
    this.memory = new BriefMemory(clock);
  }

  /** `user` and `tenant` as a verified token names them. Not to be asked within a unit of work. */
  find(id: SessionId, user: UserId, tenant: TenantId): Promise<LiveSession | null> {
    return this.memory.find({
      key: `${id}/${tenant}`,
      subjects: [user, tenant],
      look: () => this.live.find(id, tenant, this.clock.now()),
      // It may have been refreshed elsewhere since, or freed by a second factor: what would be refused is looked at anew.
      holds: ({ endsAt, confined }) => !confined && endsAt > this.clock.now(),
    });
  }

  /** As `find`, believing nothing: for what must not be done in a session that has just ended. */
  look(id: SessionId, tenant: TenantId): Promise<LiveSession | null> {
    return this.live.find(id, tenant, this.clock.now());
  }

  /** Whatever happened to a user, or to a tenant and its roles, changes what their sessions are worth. */
  onEvent({ outcome, userId, tenantId, target }: DomainEvent): void {
    if (outcome !== 'success') return;
    const ofTenant = target?.type === 'tenant' || target?.type === 'role';
    this.work.afterCommit(() => {
      if (userId !== null) this.memory.forget(userId);
      if (target?.type === 'user') this.memory.forget(target.id);
      if (ofTenant && tenantId !== null) this.memory.forget(tenantId);
    });
  }
}
