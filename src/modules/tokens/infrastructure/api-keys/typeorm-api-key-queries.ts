import { Injectable } from '@nestjs/common';
import { IsNull, MoreThan } from 'typeorm';
import type { TenantId } from '../../../../kernel/ids';
import { Database } from '../../../../platform/database/database';
import { type ApiKeyPage, ApiKeyQueries, type ApiKeyView, viewOf } from '../../application/api-keys/api-key-queries';
import type { ApiKeyId } from '../../domain/api-keys/api-key-id';
import { ApiKeyRow } from './api-key.row';

@Injectable()
export class TypeOrmApiKeyQueries extends ApiKeyQueries {
  constructor(private readonly database: Database) {
    super();
  }

  async find(tenantId: TenantId, id: ApiKeyId): Promise<ApiKeyView | null> {
    const row = await this.database.reader.findOneBy(ApiKeyRow, { tenantId, id, revokedAt: IsNull() });
    return row && viewOf(row);
  }

  async list(tenantId: TenantId, limit: number, cursor: ApiKeyId | null): Promise<ApiKeyPage> {
    const where = { tenantId, revokedAt: IsNull(), ...(cursor !== null && { id: MoreThan(cursor) }) };
    const rows = await this.database.reader.find(ApiKeyRow, { where, order: { id: 'ASC' }, take: limit + 1 });
    const items = rows.slice(0, limit).map(viewOf);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }
}
