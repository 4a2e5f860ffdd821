import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type DomainEvent, EventLog } from '../../../../platform/events/event-log';
import { endsEntries, TENANT_DELETED } from '../../../tenancy/tenancy.events';
import { apiKeysRevoked } from '../../api-key.events';
import { otherSessionsRevoked } from '../../tokens.events';
import { ApiKeys } from '../api-keys/api-keys.port';
import { Sessions } from './sessions.port';

/** Whether keys of the tenant end for good: it is deleted, or was until now. */
function endsKeys({ type, details }: DomainEvent): boolean {
  return type === TENANT_DELETED || details?.was === 'deleted';
}

/**
 * Of a tenant that is suspended or deleted nobody has a session left, from the same transaction on (RT-09). When it
 * comes back, so do no sessions: neither those of before, nor one of who signed in at the very moment. Keys of a
 * suspended tenant rest with it; those of a deleted one are revoked, and stay so: when it comes back, also one that was
 * made at the very moment.
 */
@Injectable()
export class EndTenantSessions {
  constructor(
    private readonly sessions: Sessions,
    private readonly keys: ApiKeys,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  async onEvent(event: DomainEvent): Promise<void> {
    const { tenantId } = event;
    if (!endsEntries(event) || tenantId === null) return;
    const nobody = { userId: null, tenantId };
    await this.work.run(async (now) => {
      const sessions = await this.sessions.revokeAllOfTenant(tenantId, 'tenant_closed', now);
      if (sessions > 0) await this.events.append(otherSessionsRevoked(nobody, 'tenant_closed', sessions));
      if (!endsKeys(event)) return;
      const keys = await this.keys.revokeAllIn(tenantId, now);
      if (keys > 0) await this.events.append(apiKeysRevoked(nobody, 'tenant_deleted', keys));
    });
  }
}
