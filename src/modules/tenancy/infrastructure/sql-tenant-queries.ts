import { Injectable } from '@nestjs/common';
import { tenantId, type TenantId, type UserId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { searchPattern } from '../../../platform/database/search-pattern';
import type { Statements } from '../../../platform/database/statements';
import {
  type TenantFilter,
  type TenantPage,
  type TenantPageRequest,
  TenantQueries,
} from '../application/tenants/tenant-queries';
import type { TenantKind, TenantRecord, TenantStatus } from '../domain/tenant';

type Found = {
  id: string;
  name: string;
  slug: string;
  kind: TenantKind;
  status: TenantStatus;
  created_at: Date;
  updated_at: Date;
  purge_after: Date | null;
};

const SELECT = `SELECT t.id, t.name, t.slug, t.kind, t.status, t.created_at, t.updated_at, t.purge_after FROM tenants t`;

@Injectable()
export class SqlTenantQueries extends TenantQueries {
  constructor(private readonly database: Database) {
    super();
  }

  async find(id: TenantId): Promise<TenantRecord | null> {
    const [found] = await this.database.reader.query<Found[]>(`${SELECT} WHERE t.id = $1`, [id]);
    return found ? recordOf(found) : null;
  }

  listOf(user: UserId, filter: TenantFilter, page: TenantPageRequest): Promise<TenantPage> {
    const isTheirs = `JOIN memberships m ON m.tenant_id = t.id
      WHERE m.user_id = $5 AND m.status = 'active' AND t.status <> 'deleted'`;
    // Whichever is active meanwhile.
    return pageOf(this.database.acrossTenants.reader, isTheirs, filter, page, [user]);
  }

  list(filter: TenantFilter, page: TenantPageRequest): Promise<TenantPage> {
    return pageOf(this.database.reader, 'WHERE true', filter, page, []);
  }
}

async function pageOf(
  reader: Statements,
  which: string,
  { search, status }: TenantFilter,
  { limit, cursor }: TenantPageRequest,
  more: readonly unknown[],
): Promise<TenantPage> {
  const rows = await reader.query<Found[]>(
    `${SELECT} ${which}
       AND ($1::uuid IS NULL OR t.id > $1)
       AND ($2::text IS NULL OR concat_ws(E'\\n', t.name, t.slug) ILIKE $2 ESCAPE '\\')
       AND ($3::text IS NULL OR t.status = $3)
     ORDER BY t.id LIMIT $4`,
    [cursor, searchPattern(search), status, limit + 1, ...more],
  );
  const items = rows.slice(0, limit).map(recordOf);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

function recordOf(found: Found): TenantRecord {
  return {
    id: tenantId(found.id),
    name: found.name,
    slug: found.slug,
    kind: found.kind,
    status: found.status,
    createdAt: found.created_at,
    updatedAt: found.updated_at,
    purgeAfter: found.purge_after,
  };
}
