import { Injectable } from '@nestjs/common';
import { Database } from '../../../../platform/database/database';
import { type ArchivedLine, LoggedMonths, MonthGrew, NotTheOwner } from '../../application/archive/logged-months.port';
import { endOf, type Month } from '../../domain/archive/due-months';
import { archivedLineOf } from '../lines/event-lines';
import { STORED_EVENT, type StoredEvent } from '../stored-event';

const PATIENCE = `SET LOCAL lock_timeout = '2s'`;

@Injectable()
export class SqlLoggedMonths extends LoggedMonths {
  constructor(private readonly database: Database) {
    super();
  }

  async before(month: Month): Promise<readonly Month[]> {
    await this.requireOwner();
    const { writer } = this.database;
    const rows = await this.database.asOwner(() =>
      writer.query<{ month: string }[]>(
        `SELECT month FROM (
           SELECT replace(right(relname, 7), '_', '-') || '-01' AS month
             FROM pg_inherits JOIN pg_class ON oid = inhrelid
             WHERE inhparent = 'audit_events'::regclass AND relname ~ '^audit_events_\\d{4}_\\d{2}$'
           UNION
           SELECT to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-01') FROM audit_events_other
             WHERE occurred_at >= '0001-01-01T00:00:00Z' AND occurred_at < $1::text::timestamp AT TIME ZONE 'UTC'
         ) AS months WHERE month < $1::text ORDER BY month`,
        [month],
      ),
    );
    return rows.map((row) => row.month);
  }

  async separate(month: Month): Promise<void> {
    const { writer } = this.database;
    await writer.query(PATIENCE);
    await this.database.asOwner(() => writer.query('SELECT add_audit_month($1)', [month]));
  }

  async lines(month: Month, behind: string | null, most: number): Promise<readonly ArchivedLine[]> {
    const rows = await this.database.reader.query<StoredEvent[]>(
      `SELECT ${STORED_EVENT} FROM audit_events
       WHERE occurred_at >= $1 AND occurred_at < $2 AND ($3::bigint IS NULL OR sequence > $3)
       ORDER BY sequence LIMIT $4`,
      [`${month}T00:00:00Z`, endOf(month), behind, most],
    );
    return rows.map((row) => ({ sequence: row.sequence, line: archivedLineOf(row) }));
  }

  /** The whole log is held from the first statement on: whoever comes later waits for a few milliseconds and goes on. */
  async remove(month: Month, last: number | null): Promise<void> {
    const { writer } = this.database;
    const table = tableOf(month);
    await writer.query(PATIENCE);
    await this.database.asOwner(async () => {
      await writer.query('LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE');
      const [found] = await writer.query<{ last: string | null }[]>(`SELECT max(sequence) AS last FROM ${table}`);
      if (found?.last !== (last === null ? null : String(last)))
        throw new MonthGrew(`There are events in ${month} that were not archived`);
      await writer.query(`ALTER TABLE audit_events DETACH PARTITION ${table}`);
      await writer.query(`DROP TABLE ${table}`);
    });
  }

  private async requireOwner(): Promise<void> {
    const [row] = await this.database.writer.query<{ owns: boolean }[]>(
      `SELECT pg_has_role(session_user, relowner, 'USAGE') AS owns FROM pg_class WHERE oid = 'audit_events'::regclass`,
    );
    if (!row?.owns) throw new NotTheOwner('The tables belong to somebody else');
  }
}

/** As add_audit_month names it. Throws for what is no month: a name is no parameter. */
function tableOf(month: Month): string {
  const [, year, number] = /^(\d{4})-(\d{2})-01$/.exec(month) ?? [];
  if (year === undefined || number === undefined) throw new RangeError('What is no month has no table');
  return `audit_events_${year}_${number}`;
}
