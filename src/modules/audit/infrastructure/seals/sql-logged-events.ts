import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids';
import { Database } from '../../../../platform/database/database';
import { ArchivedMonths, comesTooLate } from '../../application/seals/archived-months.port';
import { LoggedEvents, type ProvableEvent, type Range } from '../../application/seals/logged-events.port';
import { RecentEvents } from '../../application/seals/recent-events';
import { type LoggedEvent, monthOf, sequenceOf } from '../../domain/seals/logged-event';
import { HIGHEST, newestOf } from '../newest';
import { STORED_EVENT, type StoredEvent } from '../stored-event';
import { writersOf } from '../writers';
import { EventChecks, type TaggedEvent } from './event-checks';

const COLUMNS = `${STORED_EVENT}, ip_tag`;
const IN_RANGE = 'sequence > $1 AND sequence <= $2';

@Injectable()
export class SqlLoggedEvents extends LoggedEvents {
  constructor(
    private readonly database: Database,
    private readonly checks: EventChecks,
    private readonly archives: ArchivedMonths,
    private readonly recent: RecentEvents,
  ) {
    super();
  }

  async newest(): Promise<number> {
    return Math.max(await newestOf(this.database.reader), this.recent.newest());
  }

  async outOfRange(most: number): Promise<readonly LoggedEvent[]> {
    const rows = await this.database.reader.query<StoredEvent[]>(
      `SELECT ${STORED_EVENT} FROM audit_events WHERE sequence > ${HIGHEST} OR sequence <= $1 ORDER BY sequence LIMIT $2`,
      [Number.MIN_SAFE_INTEGER, most],
    );
    return Promise.all(rows.map((row) => this.checks.authored(row)));
  }

  async count({ behind, through }: Range, tenant: TenantId | null): Promise<number> {
    const [row] = await this.database.reader.query<{ count: string }[]>(
      `SELECT count(*) AS count FROM audit_events WHERE ${IN_RANGE} ${tenant === null ? '' : 'AND tenant_id = $3'}`,
      [behind, through, ...(tenant === null ? [] : [tenant])],
    );
    return Number(row?.count ?? 0);
  }

  writers(): Promise<readonly string[]> {
    return writersOf(this.database.reader);
  }

  /** A copy of an event with all that is signed of it is of the same instant, and so in the same month. */
  async toSeal({ behind, through }: Range, most: number, now: Date): Promise<readonly LoggedEvent[]> {
    const rows = await this.database.reader.query<(StoredEvent & { is_copy: boolean })[]>(
      `SELECT ${STORED_EVENT}, EXISTS (SELECT FROM audit_events AS earlier WHERE earlier.id = event.id
                AND earlier.occurred_at = event.occurred_at AND earlier.sequence < event.sequence) AS is_copy
       FROM audit_events AS event WHERE ${IN_RANGE} ORDER BY sequence FETCH FIRST $3 ROWS WITH TIES`,
      [behind, through, most],
    );
    const authored = await Promise.all(rows.map((row) => this.checks.authored(row)));
    const events = authored.map((event, index): LoggedEvent =>
      rows[index]?.is_copy ? { ...event, authorship: 'foreign' } : event,
    );
    this.recent.forgetThrough(behind);
    const isWhole = rows.length < most;
    const lost = this.recent.lostAmong(events, isWhole ? through : Number(rows.at(-1)?.sequence));
    const committed = lost.length === 0 ? events : [...events, ...lost].sort(byNumber);
    const months = committed.some((event) => !isOfMonth(now, event)) ? await this.archives.list() : [];
    return oneOfEach(committed).map((event) =>
      comesTooLate(months, monthOf(event), now) ? { ...event, authorship: 'foreign' } : event,
    );
  }

  async within({ behind, through }: Range, tenant: TenantId | null): Promise<readonly LoggedEvent[]> {
    const rows = await this.database.reader.query<TaggedEvent[]>(
      `SELECT ${COLUMNS} FROM audit_events WHERE ${IN_RANGE} ${tenant === null ? '' : 'AND tenant_id = $3'}
       ORDER BY sequence, occurred_at`,
      [behind, through, ...(tenant === null ? [] : [tenant])],
    );
    return this.checks.checked(rows);
  }

  async find(id: string, tenant: TenantId | null): Promise<ProvableEvent | null> {
    const [row] = await this.database.reader.query<TaggedEvent[]>(
      `SELECT ${COLUMNS} FROM audit_events WHERE id = $1 ${tenant === null ? '' : 'AND tenant_id = $2'}
       ORDER BY sequence LIMIT 1`,
      [id, ...(tenant === null ? [] : [tenant])],
    );
    return row ? this.checks.provable(row) : null;
  }
}

/** Somebody may have used a number before the service did: of several with one number, that of the service. */
function oneOfEach(events: readonly LoggedEvent[]): readonly LoggedEvent[] {
  const chosen = new Map<string, LoggedEvent>();
  for (const event of events) {
    const { sequence } = event.record;
    const other = chosen.get(sequence);
    if (other === undefined || (other.authorship !== 'signed' && event.authorship === 'signed')) {
      chosen.set(sequence, event);
    }
  }
  return [...chosen.values()];
}

function isOfMonth(now: Date, event: LoggedEvent): boolean {
  return monthOf(event).slice(0, 7) === now.toISOString().slice(0, 7);
}

function byNumber(one: LoggedEvent, other: LoggedEvent): number {
  return sequenceOf(one) - sequenceOf(other);
}
