import type { AuditFilter, AuditSubject } from '../application/audit-queries';
import { conditionsOf } from './event-conditions';
import { STORED_EVENT } from './stored-event';

/** Which way a page goes, and from where. */
export type EventRange = {
  readonly limit: number;
  readonly order: 'newest_first' | 'oldest_first' | 'by_number';
  readonly behind: Place | null;
  /** Numbers above it are left out. */
  readonly through?: string;
};

/** The event before the first of a page: its number and, as PostgreSQL spells it, its instant; null: it is not to be seen. */
export type Place = { readonly sequence: string; readonly instant: string | null };

export type Wanted = { readonly subject: AuditSubject; readonly filter: AuditFilter; readonly range: EventRange };

export type Statement = { readonly sql: string; readonly values: readonly unknown[] };

/**
 * The statement of one page of StoredEvents. What may be in two places (an address is in the clear, or in a box) is asked
 * for in both by itself: each has an index that gives it in order, which an OR of the two does not use.
 */
export function pageStatement({ subject, filter, range }: Wanted, tagOf: (address: string) => number): Statement {
  const conditions = conditionsOf(subject, filter, tagOf);
  const values = [...conditions.values, range.limit];
  const limit = `$${String(values.length)}`;
  const within = bounded(range, values);
  const columns = COLUMNS_OF_ORDER[range.order];
  const ending = `ORDER BY ${columns} LIMIT ${limit}`;
  const places = conditions.alternatives.map(
    (where) => `SELECT * FROM audit_events WHERE ${[where, ...within].join(' AND ')} ${ending}`,
  );
  const rows =
    places.length === 1 ? places.join('') : `${places.map((each) => `(${each})`).join(' UNION ALL ')} ${ending}`;
  return {
    sql: `SELECT ${STORED_EVENT}, ${SEED_OF_PERSON} AS person_seed FROM (${rows}) AS e ORDER BY ${columns.replaceAll(/^|(?<=, )/g, 'e.')}`,
    values,
  };
}

/** Of whose key the box is; read along, for a statement of its own would take longer than the page. Empty: destroyed. */
const SEED_OF_PERSON = `CASE WHEN e.personal_box IS NOT NULL THEN (SELECT coalesce(k.seed, '') FROM audit_person_keys k
  WHERE k.user_id = coalesce(e.actor_id, e.user_id)) END`;

const COLUMNS_OF_ORDER: Readonly<Record<EventRange['order'], string>> = {
  newest_first: 'occurred_at DESC, sequence DESC',
  oldest_first: 'occurred_at, sequence',
  by_number: 'sequence, occurred_at',
};

/**
 * The instant of a cursor, for a Place: it is to the microsecond, and no client needs to know it. Asked for by itself, for
 * a planner that knows it leaves out the months out of reach. A number that is there twice, in two months, is the owner's
 * doing: it stands for the one that is further on, so that whoever reads comes to an end.
 */
export function instantStatement(order: 'newest_first' | 'oldest_first'): string {
  const furthest = order === 'newest_first' ? 'min' : 'max';
  return `SELECT ${furthest}(occurred_at)::text AS instant FROM audit_events WHERE sequence = $1::bigint`;
}

/** Adds to the values. Where the event before is not to be seen (any more), its number alone says what is behind it. */
function bounded({ order, behind, through }: EventRange, values: unknown[]): readonly string[] {
  const place = (value: string, type: string): string => `$${String(values.push(value))}::${type}`;
  const last = through === undefined ? [] : [`sequence <= ${place(through, 'bigint')}`];
  if (behind === null) return last;
  const number = place(behind.sequence, 'bigint');
  if (order === 'by_number') return [...last, `sequence > ${number}`];
  const sign = order === 'newest_first' ? '<' : '>';
  if (behind.instant === null) return [...last, `sequence ${sign} ${number}`];
  const instant = place(behind.instant, 'timestamptz');
  // The first adds nothing but that months out of reach are not looked into.
  return [...last, `occurred_at ${sign}= ${instant}`, `(occurred_at, sequence) ${sign} (${instant}, ${number})`];
}
