import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, IsNull } from 'typeorm';
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
    await this.database.writer.delete(ApiKeyRow, { ownerId });
  }

  async removeAllIn(tenantId: TenantId): Promise<void> {
    await this.database.writer.delete(ApiKeyRow, { tenantId });
  }

  take(id: ApiKeyId): Promise<ApiKey | null> {
    return this.lock({ id });
  }

  async revokeAllOf(ownerId: UserId, tenantId: TenantId | null, at: Date): Promise<number> {
    const where = { ownerId, ...(tenantId !== null && { tenantId }), revokedAt: IsNull() };
    const { affected } = await this.database.writer.update(ApiKeyRow, where, { revokedAt: at });
    return affected ?? 0;
  }

  private async lock(where: FindOptionsWhere<ApiKeyRow>): Promise<ApiKey | null> {
    const row = await this.database.writer.findOne(ApiKeyRow, { where, lock: { mode: 'pessimistic_write' } });
    return row && ApiKey.restore(row);
  }
}

/** The driver wants its own kind of bytes. */
function columnsOf({ secretHash, ...state }: ApiKeyState): ApiKeyRow {
  return { ...state, secretHash: Buffer.from(secretHash) };
}
