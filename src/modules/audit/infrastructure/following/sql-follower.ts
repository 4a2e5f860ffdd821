import { Database } from '../../../../platform/database/database';
import { Follower } from '../../application/arrivals.port';
import type { AuditEventView, AuditFilter, AuditSubject } from '../../application/audit-queries';
import { afterLook, type Horizon, type Look, NOTHING_SETTLED } from '../../domain/seals/horizon';
import { conditionsOf } from '../event-conditions';
import { EventViews } from '../event-views';
import { newestOf } from '../newest';
import { STORED_EVENT, type StoredEvent } from '../stored-event';
import { writersOf } from '../writers';

export type Followed = {
  readonly subject: AuditSubject;
  readonly filter: AuditFilter;
  readonly tagOf: (address: string) => number;
};

/** Events of one look. What is left comes with the next. */
const MOST = 500;
/** Numbers before the newest that may still be of transactions under way when somebody begins to follow. */
const LOOKED_BACK = 1_000;

/**
 * An event that is not there may still come, with a lower number than those that are: it remembers what it has shown behind
 * where the log is settled.
 */
export class SqlFollower extends Follower {
  private constructor(
    private readonly database: Database,
    private readonly views: EventViews,
    private readonly followed: Followed,
    private horizon: Horizon,
    private readonly shown: Set<string>,
  ) {
    super();
  }

  /** What is there by now counts as shown. */
  static async begin(database: Database, views: EventViews, followed: Followed): Promise<SqlFollower> {
    const settled = Math.max((await newestOf(database.reader)) - LOOKED_BACK, 0);
    const rows = await database.reader.query<{ sequence: string }[]>(
      'SELECT sequence FROM audit_events WHERE sequence > $1',
      [settled],
    );
    const shown = new Set(rows.map(({ sequence }) => sequence));
    return new SqlFollower(database, views, followed, { ...NOTHING_SETTLED, settled }, shown);
  }

  async next(): Promise<readonly AuditEventView[]> {
    // Before the events are read: what it says is settled is among them.
    const horizon = afterLook(this.horizon, await this.look());
    const rows = await this.arrived();
    for (const { sequence } of rows) this.shown.add(sequence);
    if (rows.length < MOST) this.settle(horizon);
    return this.views.of(rows);
  }

  hasSeen(sequence: string): boolean {
    return Number(sequence) <= this.horizon.settled || this.shown.has(sequence);
  }

  private async look(): Promise<Look> {
    const newest = await newestOf(this.database.reader);
    return { newest, writers: await writersOf(this.database.reader) };
  }

  private arrived(): Promise<StoredEvent[]> {
    const { subject, filter, tagOf } = this.followed;
    const { alternatives, values } = conditionsOf(subject, filter, tagOf);
    const [after, seen] = [values.length + 1, values.length + 2];
    return this.database.reader.query<StoredEvent[]>(
      `SELECT ${STORED_EVENT} FROM audit_events
       WHERE (${alternatives.join(' OR ')}) AND sequence > $${String(after)} AND sequence <> ALL ($${String(seen)}::bigint[])
       ORDER BY sequence LIMIT ${String(MOST)}`,
      [...values, this.horizon.settled, [...this.shown]],
    );
  }

  private settle(horizon: Horizon): void {
    this.horizon = horizon;
    for (const sequence of this.shown) if (Number(sequence) <= horizon.settled) this.shown.delete(sequence);
  }
}
