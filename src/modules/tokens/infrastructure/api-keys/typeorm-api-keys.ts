import { Injectable } from '@nestjs/common';
import type { FindOptionsWhere } from 'typeorm';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { Database } from '../../../../platform/database/database';
import { ApiKeys } from '../../application/api-keys/api-keys.port';
import { ApiKey, type ApiKeyState } from '../../domain/api-keys/api-key';
import type { ApiKeyId } from '../../domain/api-keys/api-key-id';
import { ApiKeyRow } from './api-key.row';

@Injectable()
export class TypeOrmApiKeys extends ApiKeys {
  constructor(private readonly database: Database) {
    super();
  }

  async add(key: ApiKey): Promise<void> {
    await this.database.writer.insert(ApiKeyRow, columnsOf(key.snapshot()));
  }

  async save(key: ApiKey): Promise<void> {
    const { id, tenantId, ...columns } = columnsOf(key.snapshot());
    await this.database.writer.update(ApiKeyRow, { id, tenantId }, columns);
  }

  takeIn(tenantId: TenantId, id: ApiKeyId): Promise<ApiKey | null> {
    return this.lock({ tenantId, id });
  }

  async removeAllOf(ownerId: UserId): Promise<void> {
    await this.database.acrossTenants.writer.query(removalWhere('owner_id = $1'), [ownerId]);
  }

  async removeAllIn(tenantId: TenantId): Promise<void> {
    await this.database.writer.query(removalWhere('tenant_id = $1'), [tenantId]);
  }

  take(id: ApiKeyId): Promise<ApiKey | null> {
    return this.lock({ id });
  }

  async revokeAllOf(ownerId: UserId, tenantId: TenantId | null, at: Date): Promise<number> {
    // What UPDATE answers is a pair: the rows, and how many.
    const { writer } = tenantId === null ? this.database.acrossTenants : this.database;
    const [, revoked] = await writer.query<[unknown, number]>(
      `UPDATE api_keys SET revoked_at = $3 WHERE id IN (
         SELECT id FROM api_keys WHERE owner_id = $1 AND ($2::uuid IS NULL OR tenant_id = $2) AND revoked_at IS NULL
         ORDER BY id FOR UPDATE)`,
      [ownerId, tenantId, at],
    );
    return revoked;
  }

  async revokeAllIn(tenantId: TenantId, at: Date): Promise<number> {
    const [, revoked] = await this.database.writer.query<[unknown, number]>(
      `UPDATE api_keys SET revoked_at = $2 WHERE id IN (
         SELECT id FROM api_keys WHERE tenant_id = $1 AND revoked_at IS NULL ORDER BY id FOR UPDATE)`,
      [tenantId, at],
    );
    return revoked;
  }

  private async lock(where: FindOptionsWhere<ApiKeyRow>): Promise<ApiKey | null> {
    const row = await this.database.writer.findOne(ApiKeyRow, { where, lock: { mode: 'pessimistic_write' } });
    return row && ApiKey.restore(row);
  }
}

/** In one order for everybody who takes several. */
const removalWhere = (condition: string): string =>
  `DELETE FROM api_keys WHERE id IN (SELECT id FROM api_keys WHERE ${condition} ORDER BY id FOR UPDATE)`;

/** The driver wants its own kind of bytes. */
function columnsOf({ secretHash, ...state }: ApiKeyState): ApiKeyRow {
  return { ...state, secretHash: Buffer.from(secretHash) };
}
