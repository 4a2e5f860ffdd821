import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database';
import type { RecordedEvent } from '../../../platform/events/event-subscriptions';
import { AuditTrail } from '../application/audit-trail.port';

@Injectable()
export class SqlAuditTrail extends AuditTrail {
  constructor(private readonly database: Database) {
    super();
  }

  async record(event: RecordedEvent): Promise<void> {
    const { id, at, tenantId, userId, actor, type, outcome, target, riskScore = 0, details = {} } = event;
    await this.database.writer.query(
      `INSERT INTO audit_events (id, occurred_at, tenant_id, user_id, actor, action, outcome, target_type, target_id,
                                 ip_address, user_agent, request_id, risk_score, details)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      [
        id,
        at,
        tenantId,
        userId,
        actor,
        type,
        outcome,
        target?.type ?? null,
        target?.id ?? null,
        event.ipAddress,
        event.userAgent,
        event.requestId,
        riskScore,
        JSON.stringify(details),
      ],
    );
  }
}
