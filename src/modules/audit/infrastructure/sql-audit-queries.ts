import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import {
  type AuditEventView,
  type AuditFilter,
  type AuditPage,
  type AuditPageRequest,
  AuditQueries,
  type AuditSubject,
} from '../application/audit-queries';
import { conditionsOf } from './event-conditions';
import { EventViews } from './event-views';
import { AddressTag } from './personal/address-tag';
import { STORED_EVENT, type StoredEvent } from './stored-event';

@Injectable()
export class SqlAuditQueries extends AuditQueries {
  constructor(
    private readonly database: Database,
    private readonly views: EventViews,
    private readonly tag: AddressTag,
  ) {
    super();
  }

  async ofUser(user: UserId, filter: AuditFilter, page: AuditPageRequest): Promise<AuditPage> {
    const { items, nextCursor } = await this.page({ kind: 'user', user }, filter, page);
    return { items: items.map((event) => ownView(event, user)), nextCursor };
  }

  /** Reads on where candidates of an address turn out to be of another. */
  async page(subject: AuditSubject, filter: AuditFilter, { limit, before }: AuditPageRequest): Promise<AuditPage> {
    const found: AuditEventView[] = [];
    let cursor = before;
    for (;;) {
      const rows = await this.rows(subject, filter, { limit: limit + 1, before: cursor });
      const views = await this.views.of(rows);
      found.push(...views.filter((event) => isFrom(event, filter.ipAddress)));
      if (found.length > limit || rows.length <= limit) break;
      cursor = rows.at(-1)?.sequence ?? null;
    }
    const items = found.slice(0, limit);
    return { items, nextCursor: found.length > limit ? (items.at(-1)?.sequence ?? null) : null };
  }

  private rows(
    subject: AuditSubject,
    filter: AuditFilter,
    { limit, before }: AuditPageRequest,
  ): Promise<StoredEvent[]> {
    const { where, values } = conditionsOf(subject, filter, (address) => this.tag.of(address));
    const behind = before === null ? '' : `AND sequence < $${String(values.length + 2)}`;
    return this.database.reader.query<StoredEvent[]>(
      `SELECT ${STORED_EVENT} FROM audit_events WHERE ${where} ${behind}
       ORDER BY sequence DESC LIMIT $${String(values.length + 1)}`,
      [...values, limit, ...(before === null ? [] : [before])],
    );
  }
}

function isFrom({ ipAddress }: AuditEventView, wanted: string | undefined): boolean {
  return wanted === undefined || ipAddress === wanted;
}

/** Where somebody else did it to the user (an administrator, say), their request is theirs. */
export function ownView(event: AuditEventView, user: string): AuditEventView {
  const doer = event.actorId ?? event.details.by ?? event.details.revoked_by ?? user;
  return doer === user ? event : { ...event, ipAddress: null, userAgent: null, requestId: null };
}
