import type { AuditFilter, AuditSubject } from '../application/audit-queries';
import { conditionsOf } from './event-conditions';
import { STORED_EVENT } from './stored-event';

/** Which way a page goes, and from where: `cursor` is the sequence of the event before its first. */
export type EventRange = {
  readonly limit: number;
  readonly order: 'newest_first' | 'oldest_first' | 'by_number';
  readonly cursor: string | null;
  /** Numbers above it are left out. */
  readonly through?: string;
};

export type Asked = { readonly subject: AuditSubject; readonly filter: AuditFilter; readonly range: EventRange };

export type Statement = { readonly sql: string; readonly values: readonly unknown[] };

/**
 * The statement of one page of StoredEvents. What may be in two places (an address is in the clear, or in a box) is asked
 * for in both by itself: each has an index that gives it in order, which an OR of the two does not use.
 */
export function pageStatement({ subject, filter, range }: Asked, tagOf: (address: string) => number): Statement {
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
    sql: `SELECT ${STORED_EVENT} FROM (${rows}) AS e ORDER BY ${columns.replaceAll(/^|(?<=, )/g, 'e.')}`,
    values,
  };
}

const COLUMNS_OF_ORDER: Readonly<Record<EventRange['order'], string>> = {
  newest_first: 'occurred_at DESC, sequence DESC',
  oldest_first: 'occurred_at, sequence',
  by_number: 'sequence, occurred_at',
};

/**
 * Adds to the values. The instant of the cursor is looked up: it is to the microsecond, and no client needs to know it.
 * Where the event is not to be seen (any more), its number alone says what is behind it. A number that is there twice, in
 * two months, is the owner's doing: it stands for the one that is further on, so that whoever
 * reads comes to an end.
 */
function bounded({ order, cursor, through }: EventRange, values: unknown[]): readonly string[] {
  const last = through === undefined ? [] : [`sequence <= $${String(values.push(through))}::bigint`];
  if (cursor === null) return last;
  const at = `$${String(values.push(cursor))}::bigint`;
  if (order === 'by_number') return [...last, `sequence > ${at}`];
  const [sign, end, furthest] = order === 'newest_first' ? ['<', 'infinity', 'min'] : ['>', '-infinity', 'max'];
  const instant = `(SELECT ${furthest}(c.occurred_at) FROM audit_events c WHERE c.sequence = ${at})`;
  const from = `coalesce(${instant}, '${end}')`;
  // The first adds nothing but that months out of reach are not looked into.
  return [
    ...last,
    `occurred_at ${sign}= ${from}`,
    `(occurred_at, sequence) ${sign} (${from}, ${at})`,
    `(${instant} IS NOT NULL OR sequence ${sign} ${at})`,
  ];
}
