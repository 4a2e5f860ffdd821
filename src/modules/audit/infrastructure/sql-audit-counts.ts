import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database';
import { AuditCounts, type DailyCount } from '../application/audit-counts.port';
import type { LogSubject } from '../application/audit-queries';
import type { SummarySpan } from '../domain/summary-span';

type Counted = Omit<DailyCount, 'count'> & { readonly count: string };
/** With `day` null there is nothing but the number. */
type Row = { readonly sealed: string } & (Counted | { readonly day: null });

const SEALED = 'SELECT coalesce(max(last_sequence), 0)::text AS sealed FROM audit_seals';

/**
 * Counted up with each seal, and counted here behind the last one. Its number is read before, for a planner that does not
 * know it looks through all events of the span; and again with the counts, so that no event is in both or in none.
 */
@Injectable()
export class SqlAuditCounts extends AuditCounts {
  constructor(private readonly database: Database) {
    super();
  }

  async daily(subject: LogSubject, span: SummarySpan): Promise<readonly DailyCount[]> {
    let [{ sealed } = { sealed: '0' }] = await this.database.reader.query<{ sealed: string }[]>(SEALED);
    for (;;) {
      const rows = await this.behind(sealed, subject, span);
      const [{ sealed: now } = { sealed }] = rows;
      if (now === sealed) return rows.flatMap((row) => (row.day === null ? [] : [countOf(row)]));
      sealed = now;
    }
  }

  private behind(sealed: string, subject: LogSubject, { from, to }: SummarySpan): Promise<Row[]> {
    const { counted, whose, values } = sourceOf(subject);
    return this.database.reader.query<Row[]>(
      `SELECT sealed, day, action, outcome, count FROM (${SEALED}) AS seals LEFT JOIN (
       SELECT day::text AS day, action, outcome, sum(count)::text AS count
       FROM (SELECT day, action, outcome, count FROM ${counted} WHERE ${whose} AND day BETWEEN $1 AND $2
             UNION ALL
             SELECT (occurred_at AT TIME ZONE 'UTC')::date, action, outcome, 1 FROM audit_events
             WHERE ${whose} AND sequence > $3::bigint
               AND occurred_at >= $1::date::timestamp AT TIME ZONE 'UTC'
               AND occurred_at < ($2::date + 1)::timestamp AT TIME ZONE 'UTC') AS counted
       GROUP BY 1, 2, 3) AS counts ON true ORDER BY day, action, outcome`,
      [from, to, sealed, ...values],
    );
  }
}

function countOf({ day, action, outcome, count }: Counted): DailyCount {
  return { day, action, outcome, count: Number(count) };
}

type Source = { readonly counted: string; readonly whose: string; readonly values: readonly string[] };

/** What ten thousand tenants did on a day is ten thousand rows of the one, and one of the other. */
function sourceOf(subject: LogSubject): Source {
  return subject.kind === 'everybody'
    ? { counted: 'audit_daily_of_all', whose: 'true', values: [] }
    : { counted: 'audit_daily', whose: 'tenant_id = $4', values: [subject.tenant] };
}
