import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import type { UserId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import {
  type AuditEventView,
  type AuditFilter,
  type AuditPage,
  type AuditPageRequest,
  AuditQueries,
} from '../application/audit-queries';
import { AuditEventRow } from './audit-event.row';

@Injectable()
export class TypeOrmAuditQueries extends AuditQueries {
  constructor(private readonly database: Database) {
    super();
  }

  async ofUser(userId: UserId, filter: AuditFilter, page: AuditPageRequest): Promise<AuditPage> {
    const rows = await this.database.read((manager) => {
      const query = manager.createQueryBuilder(AuditEventRow, 'event').where('event.userId = :userId', { userId });
      narrow(query, filter, page.before);
      return query
        .orderBy('event.sequence', 'DESC')
        .take(page.limit + 1)
        .getMany();
    });
    const items = rows.slice(0, page.limit).map((row) => ownView(viewOf(row), userId));
    return { items, nextCursor: rows.length > page.limit ? (items.at(-1)?.sequence ?? null) : null };
  }
}

function narrow(query: SelectQueryBuilder<AuditEventRow>, filter: AuditFilter, before: string | null): void {
  const conditions: readonly [string, Record<string, unknown>][] = [
    ['event.userId = :subject', { subject: filter.userId }],
    ['event.action = :action', { action: filter.action }],
    ['event.outcome = :outcome', { outcome: filter.outcome }],
    ['event.ipAddress = :ipAddress', { ipAddress: filter.ipAddress }],
    ['event.requestId = :requestId', { requestId: filter.requestId }],
    ['event.occurredAt >= :from', { from: filter.from }],
    ['event.occurredAt < :to', { to: filter.to }],
    ['event.riskScore >= :minRisk', { minRisk: filter.minRisk }],
    ['event.sequence < :before', { before: before ?? undefined }],
  ];
  for (const [condition, values] of conditions) {
    if (Object.values(values).every((value) => value !== undefined)) query.andWhere(condition, values);
  }
}

function viewOf({ targetType, targetId, ...event }: AuditEventRow): AuditEventView {
  const target = targetType === null || targetId === null ? null : { type: targetType, id: targetId };
  return { ...event, target };
}

/** Where somebody else did it to the user (an administrator, say), their request is theirs. */
function ownView(event: AuditEventView, userId: UserId): AuditEventView {
  const doer = event.details.by ?? event.details.revoked_by ?? userId;
  return doer === userId ? event : { ...event, ipAddress: null, userAgent: null, requestId: null };
}
