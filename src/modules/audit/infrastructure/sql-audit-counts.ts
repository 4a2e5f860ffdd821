import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database';
import { AuditCounts, type DailyCount } from '../application/audit-counts.port';
import type { AuditSubject } from '../application/audit-queries';
import type { SummarySpan } from '../domain/summary-span';

type Row = Omit<DailyCount, 'count'> & { readonly count: string };

/** Counted up with each seal, and counted here behind the last one: in one statement, so that no event is in both or in none. */
@Injectable()
export class SqlAuditCounts extends AuditCounts {
  constructor(private readonly database: Database) {
    super();
  }

  async daily(subject: AuditSubject, { from, to }: SummarySpan): Promise<readonly DailyCount[]> {
    const [whose, values] = subjectOf(subject);
    const rows = await this.database.reader.query<Row[]>(
      `SELECT day::text AS day, action, outcome, sum(count)::text AS count
       FROM (SELECT day, action, outcome, count FROM audit_daily WHERE ${whose} AND day BETWEEN $1 AND $2
             UNION ALL
             SELECT (occurred_at AT TIME ZONE 'UTC')::date, action, outcome, 1 FROM audit_events
             WHERE ${whose} AND sequence > (SELECT coalesce(max(last_sequence), 0) FROM audit_seals)
               AND occurred_at >= $1::date::timestamp AT TIME ZONE 'UTC'
               AND occurred_at < ($2::date + 1)::timestamp AT TIME ZONE 'UTC') AS counted
       GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      [from, to, ...values],
    );
    return rows.map(({ count, ...row }) => ({ ...row, count: Number(count) }));
  }
}

function subjectOf(subject: AuditSubject): readonly [sql: string, values: readonly string[]] {
  if (subject.kind === 'everybody') return ['true', []];
  return subject.kind === 'user' ? ['user_id = $3', [subject.user]] : ['tenant_id = $3', [subject.tenant]];
}
