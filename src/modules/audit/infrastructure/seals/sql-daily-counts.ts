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
    // What is of no day (the owner of the table may have put anything there) is sealed, and counted nowhere.
    const rows = events.filter(isOfADay).map(({ record }) => ({
      day: record.occurredAt.slice(0, 10),
      tenant: record.tenantId,
      action: record.action,
      outcome: record.outcome,
    }));
    await this.database.writer.query(
      `INSERT INTO audit_daily (day, tenant_id, action, outcome, count)
       SELECT day, tenant, action, outcome, count(*)
       FROM json_to_recordset($1) AS event (day date, tenant uuid, action text, outcome text)
       GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
       ON CONFLICT (tenant_id, day, action, outcome) DO UPDATE SET count = audit_daily.count + excluded.count`,
      [JSON.stringify(rows)],
    );
  }
}

function isOfADay({ record }: LoggedEvent): boolean {
  return /^(?!0000)\d{4}-\d{2}-\d{2}T/.test(record.occurredAt);
}
