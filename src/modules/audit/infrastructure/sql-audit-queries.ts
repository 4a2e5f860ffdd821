import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import {
  type AuditEventView,
  type AuditFilter,
  type AuditPage,
  type AuditPageRequest,
  AuditQueries,
  type AuditRunRequest,
  type AuditSubject,
} from '../application/audit-queries';
import { type EventRange, instantStatement, pageStatement, type Place, type Wanted } from './event-statement';
import { EventViews, type SeededRow } from './event-views';
import { AddressTag } from './personal/address-tag';

/** Candidates looked at for one page. Beyond them the page ends as it is, and the next one goes on. */
const MOST_CANDIDATES = 1_000;
/** At once, where those before did not do. */
const MORE_CANDIDATES = 250;
/** Asked for beyond a page, where candidates may be no answer: among ten million events ten share the bits of an address. */
const SPARE_CANDIDATES = 4;

/** What is asked for, and from where: `cursor` is the sequence of the event before the first. */
type Asked = Pick<Wanted, 'subject' | 'filter'> & {
  readonly range: Omit<EventRange, 'behind'> & { readonly cursor: string | null };
};

type Shown = (event: AuditEventView) => AuditEventView;

@Injectable()
export class SqlAuditQueries extends AuditQueries {
  constructor(
    private readonly database: Database,
    private readonly views: EventViews,
    private readonly tag: AddressTag,
  ) {
    super();
  }

  ofUser(user: UserId, filter: AuditFilter, { limit, before }: AuditPageRequest): Promise<AuditPage> {
    const range = { limit, order: 'newest_first', cursor: before } as const;
    return this.find({ subject: { kind: 'user', user }, filter, range }, (event) => ownView(event, user));
  }

  page(subject: AuditSubject, filter: AuditFilter, { limit, before }: AuditPageRequest): Promise<AuditPage> {
    return this.find({ subject, filter, range: { limit, order: 'newest_first', cursor: before } });
  }

  run(
    subject: AuditSubject,
    filter: AuditFilter,
    { limit, order, after, through }: AuditRunRequest,
  ): Promise<AuditPage> {
    return this.find({ subject, filter, range: { limit, order, cursor: after, through } });
  }

  async newest(): Promise<string> {
    const sql = 'SELECT coalesce(max(sequence), 0)::text AS newest FROM audit_events';
    const [row] = await this.database.acrossTenants.reader.query<{ newest: string }[]>(sql);
    return row?.newest ?? '0';
  }

  /**
   * Where candidates turn out to be no answer, it looks at more of them, and at last leaves off at the one it looked at: the
   * bits that find an address are shared, and somebody else's may be in a million events.
   */
  private async find({ subject, filter, range }: Asked, shown: Shown = (event) => event): Promise<AuditPage> {
    const { limit } = range;
    const found: AuditEventView[] = [];
    let [cursor, seen, wanted] = [range.cursor, 0, limit + 1 + (filter.ipAddress === undefined ? 0 : SPARE_CANDIDATES)];
    while (seen < MOST_CANDIDATES) {
      const rows = await this.rows({ subject, filter, range: { ...range, limit: wanted, cursor } });
      const views = await this.views.ofSeeded(rows);
      found.push(...views.map(shown).filter((event) => isWanted(event, filter)));
      if (found.length > limit) return { items: found.slice(0, limit), nextCursor: found[limit - 1]?.sequence ?? null };
      if (rows.length < wanted) return { items: found, nextCursor: null };
      [cursor, seen, wanted] = [rows.at(-1)?.sequence ?? null, seen + wanted, Math.min(2 * wanted, MORE_CANDIDATES)];
    }
    return { items: found, nextCursor: cursor };
  }

  private async rows({ subject, filter, range: { cursor, ...range } }: Asked): Promise<SeededRow[]> {
    const behind = cursor === null ? null : await this.placeOf(cursor, range.order);
    const { sql, values } = pageStatement({ subject, filter, range: { ...range, behind } }, await this.tag.tagger());
    return this.database.reader.query<SeededRow[]>(sql, [...values]);
  }

  private async placeOf(sequence: string, order: EventRange['order']): Promise<Place> {
    if (order === 'by_number') return { sequence, instant: null };
    const sql = instantStatement(order);
    const [row] = await this.database.reader.query<{ instant: string | null }[]>(sql, [sequence]);
    return { sequence, instant: row?.instant ?? null };
  }
}

/** Once more, of the event as it is shown: what is not shown must not be found out by asking for it. */
function isWanted({ ipAddress, requestId }: AuditEventView, filter: AuditFilter): boolean {
  if (filter.requestId !== undefined && requestId !== filter.requestId) return false;
  return filter.ipAddress === undefined || ipAddress === filter.ipAddress;
}

/** Where somebody else did it to the user (an administrator, say), their request is theirs. */
export function ownView(event: AuditEventView, user: string): AuditEventView {
  const doer = event.actorId ?? event.details.by ?? event.details.revoked_by ?? user;
  return doer === user ? event : { ...event, ipAddress: null, userAgent: null, requestId: null };
}
