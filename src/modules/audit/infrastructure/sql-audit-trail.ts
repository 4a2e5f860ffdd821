import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database';
import type { RecordedEvent } from '../../../platform/events/event-subscriptions';
import { AuditTrail } from '../application/audit-trail.port';
import { RecentEvents } from '../application/seals/recent-events';
import type { EventRecord, RecordedDetails } from '../domain/event-record';
import { EventMac } from './event-mac';
import { type KeptFields, PersonalFieldsKeeper } from './personal/personal-fields-keeper';

@Injectable()
export class SqlAuditTrail extends AuditTrail {
  constructor(
    private readonly database: Database,
    private readonly personal: PersonalFieldsKeeper,
    private readonly mac: EventMac,
    private readonly recent: RecentEvents,
  ) {
    super();
  }

  async record(event: RecordedEvent): Promise<void> {
    const kept = await this.personal.keep(event);
    const record = recordOf(event, kept);
    const mac = await this.mac.of(record);
    // Its number by the sequence: what returns a column must be allowed to see the row, and some are of other tenants.
    const [row] = await this.database.writer.query<{ sequence: string }[]>(
      `INSERT INTO audit_events (id, occurred_at, tenant_id, user_id, actor, actor_id, api_key_id, action, outcome,
                                 target_type, target_id, ip_address, user_agent, request_id, risk_score, details,
                                 personal_digest, personal_box, ip_tag, mac)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
       RETURNING currval(pg_get_serial_sequence('audit_events', 'sequence')) AS sequence`,
      [
        record.id,
        record.occurredAt,
        record.tenantId,
        record.userId,
        record.actor,
        record.actorId,
        record.apiKeyId,
        record.action,
        record.outcome,
        record.target?.type ?? null,
        record.target?.id ?? null,
        record.ipAddress,
        record.userAgent,
        record.requestId,
        record.riskScore,
        JSON.stringify(record.details),
        kept.digest,
        kept.box,
        kept.ipTag,
        mac,
      ],
    );
    if (row) {
      const { sequence } = row;
      this.database.afterCommit(() => {
        this.recent.note({ ...record, sequence });
      });
    }
  }
}

function recordOf(event: RecordedEvent, { clear, digest }: KeptFields): EventRecord {
  return {
    id: event.id,
    occurredAt: event.at.toISOString(),
    tenantId: event.tenantId,
    userId: event.userId,
    actor: event.actor,
    actorId: event.actorId,
    apiKeyId: event.apiKeyId,
    action: event.type,
    outcome: event.outcome,
    target: event.target ?? null,
    ipAddress: clear.ipAddress,
    userAgent: clear.userAgent,
    requestId: event.requestId,
    riskScore: event.riskScore ?? 0,
    details: asStored(event.details ?? {}),
    personal: digest?.toString('hex') ?? null,
  };
}

/** What comes back from the database is what was signed: without what JSON leaves out. */
function asStored(details: RecordedDetails): RecordedDetails {
  return JSON.parse(JSON.stringify(details)) as RecordedDetails;
}
