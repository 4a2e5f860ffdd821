import { Database } from '../../../../platform/database/database';
import { Follower } from '../../application/arrivals.port';
import type { AuditEventView, AuditFilter, AuditSubject } from '../../application/audit-queries';
import { conditionsOf } from '../event-conditions';
import { EventViews } from '../event-views';
import { STORED_EVENT, type StoredEvent } from '../stored-event';
import { writersOf } from '../writers';

export type Followed = {
  readonly subject: AuditSubject;
  readonly filter: AuditFilter;
  readonly tagOf: (address: string) => number;
};

/** Up to this number everything is there once these transactions have ended. */
type Horizon = { readonly upTo: bigint; readonly writers: ReadonlySet<string> };

/** Events of one look. What is left comes with the next. */
const MOST = 500;
/** Numbers before the newest that may still be of transactions under way when somebody begins to follow. */
const LOOKED_BACK = 1_000n;

/**
 * Numbers are given before their transaction ends, so that one that is not there may still come. Whoever adds events holds
 * a lock on the table before taking a number: when all who held it once are gone, every number given by then is there, or
 * is of a transaction that was rolled back and never comes. Behind that it remembers what it has shown.
 */
export class SqlFollower extends Follower {
  private horizon: Horizon | null = null;

  private constructor(
    private readonly database: Database,
    private readonly views: EventViews,
    private readonly followed: Followed,
    private settled: bigint,
    private readonly shown: Set<bigint>,
  ) {
    super();
  }

  /** What is there by now counts as shown. */
  static async begin(database: Database, views: EventViews, followed: Followed): Promise<SqlFollower> {
    const newest = await newestOf(database);
    const settled = newest > LOOKED_BACK ? newest - LOOKED_BACK : 0n;
    const rows = await database.reader.query<{ sequence: string }[]>(
      'SELECT sequence FROM audit_events WHERE sequence > $1 AND sequence <= $2',
      [String(settled), String(newest)],
    );
    return new SqlFollower(database, views, followed, settled, new Set(rows.map(({ sequence }) => BigInt(sequence))));
  }

  async next(): Promise<readonly AuditEventView[]> {
    const reached = await this.reached();
    const rows = await this.arrived();
    for (const { sequence } of rows) this.shown.add(BigInt(sequence));
    if (reached !== null && rows.length < MOST) this.settle(reached);
    return this.views.of(rows);
  }

  hasSeen(sequence: string): boolean {
    return BigInt(sequence) <= this.settled || this.shown.has(BigInt(sequence));
  }

  /** The number up to which everything is there; null: not known yet. Asked before the events are. */
  private async reached(): Promise<bigint | null> {
    this.horizon ??= await this.look();
    const { upTo, writers } = this.horizon;
    if (writers.size > 0) {
      const still = await this.writers();
      if ([...writers].some((writer) => still.has(writer))) return null;
    }
    this.horizon = null;
    return upTo;
  }

  /** The number first: whoever has a lower one and is not through is found holding the lock. */
  private async look(): Promise<Horizon> {
    const upTo = await newestOf(this.database);
    return { upTo, writers: await this.writers() };
  }

  private async writers(): Promise<ReadonlySet<string>> {
    return new Set(await writersOf(this.database.reader));
  }

  private arrived(): Promise<StoredEvent[]> {
    const { subject, filter, tagOf } = this.followed;
    const { alternatives, values } = conditionsOf(subject, filter, tagOf);
    const [after, seen] = [values.length + 1, values.length + 2];
    return this.database.reader.query<StoredEvent[]>(
      `SELECT ${STORED_EVENT} FROM audit_events
       WHERE (${alternatives.join(' OR ')}) AND sequence > $${String(after)} AND sequence <> ALL ($${String(seen)}::bigint[])
       ORDER BY sequence LIMIT ${String(MOST)}`,
      [...values, String(this.settled), [...this.shown].map(String)],
    );
  }

  private settle(upTo: bigint): void {
    if (upTo <= this.settled) return;
    this.settled = upTo;
    for (const sequence of this.shown) if (sequence <= upTo) this.shown.delete(sequence);
  }
}

async function newestOf({ reader }: Database): Promise<bigint> {
  const [row] = await reader.query<{ newest: string }[]>(
    'SELECT coalesce(max(sequence), 0)::text AS newest FROM audit_events',
  );
  return BigInt(row?.newest ?? 0);
}
