import { Injectable } from '@nestjs/common';
import { Database } from '../../../../platform/database/database';
import { DailyCounts } from '../../application/seals/daily-counts.port';
import type { LoggedEvent } from '../../domain/seals/logged-event';

@Injectable()
export class SqlDailyCounts extends DailyCounts {
  constructor(private readonly database: Database) {
    super();
  }

  /** In one order, so that nobody who counts the same waits crosswise. */
  async add(events: readonly LoggedEvent[]): Promise<void> {
    const rows = events.map(({ record }) => ({
      at: record.occurredAt,
      tenant: record.tenantId,
      action: record.action,
      outcome: record.outcome,
    }));
    await this.database.writer.query(
      `INSERT INTO audit_daily (day, tenant_id, action, outcome, count)
       SELECT (at AT TIME ZONE 'UTC')::date AS day, tenant, action, outcome, count(*)
       FROM json_to_recordset($1) AS event (at timestamptz, tenant uuid, action text, outcome text)
       GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
       ON CONFLICT (tenant_id, day, action, outcome) DO UPDATE SET count = audit_daily.count + excluded.count`,
      [JSON.stringify(rows)],
    );
  }
}
