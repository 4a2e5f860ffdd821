import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { Database } from '../../../../platform/database/database';
import { TrustedDevices } from '../../application/trusted-devices/trusted-devices.port';
import { TrustedDevice } from '../../domain/trusted-device';

type Found = {
  id: string;
  user_id: UserId;
  tenant_id: TenantId;
  token_hash: Uint8Array;
  security_stamp: string;
  name: string;
  ip_address: string | null;
  created_at: Date;
  last_used_at: Date | null;
  expires_at: Date;
};

const COLUMNS =
  'id, user_id, tenant_id, token_hash, security_stamp, name, ip_address, created_at, last_used_at, expires_at';
const ALL_OF_D = COLUMNS.split(', ')
  .map((column) => `d.${column}`)
  .join(', ');

@Injectable()
export class SqlTrustedDevices extends TrustedDevices {
  constructor(private readonly database: Database) {
    super();
  }

  async add(device: TrustedDevice): Promise<void> {
    const d = device.snapshot();
    await this.database.writer.query(
      `INSERT INTO trusted_devices (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        d.id,
        d.userId,
        d.tenantId,
        Buffer.from(d.tokenHash),
        d.securityStamp,
        d.name,
        d.ipAddress,
        d.createdAt,
        d.lastUsedAt,
        d.expiresAt,
      ],
    );
  }

  async save(device: TrustedDevice): Promise<void> {
    const { id, name, lastUsedAt } = device.snapshot();
    const sql = 'UPDATE trusted_devices SET name = $2, last_used_at = $3 WHERE id = $1';
    await this.database.writer.query(sql, [id, name, lastUsedAt]);
  }

  async takeByToken(tenantId: TenantId, userId: UserId, tokenHash: Uint8Array): Promise<TrustedDevice | null> {
    const [found] = await this.database.writer.query<Found[]>(
      `SELECT ${COLUMNS} FROM trusted_devices
       WHERE tenant_id = $1 AND user_id = $2 AND token_hash = $3 FOR UPDATE`,
      [tenantId, userId, Buffer.from(tokenHash)],
    );
    return found ? deviceOf(found) : null;
  }

  async take(tenantId: TenantId, userId: UserId, id: string): Promise<TrustedDevice | null> {
    const [found] = await this.database.writer.query<Found[]>(
      `SELECT ${ALL_OF_D} FROM trusted_devices d JOIN users u ON u.id = d.user_id
       WHERE d.tenant_id = $1 AND d.user_id = $2 AND d.id = $3 AND d.security_stamp = u.security_stamp
       FOR UPDATE OF d`,
      [tenantId, userId, id],
    );
    return found ? deviceOf(found) : null;
  }

  async remove(id: string): Promise<void> {
    await this.database.writer.query('DELETE FROM trusted_devices WHERE id = $1', [id]);
  }

  removeByTokens(
    tenantId: TenantId,
    userId: UserId,
    tokenHashes: readonly Uint8Array[],
  ): Promise<readonly TrustedDevice[]> {
    return this.removeReturning('tenant_id = $1 AND user_id = $2 AND token_hash = ANY ($3)', [
      tenantId,
      userId,
      tokenHashes.map((hash) => Buffer.from(hash)),
    ]);
  }

  async replaceToken(userId: UserId, former: Uint8Array, next: Uint8Array): Promise<void> {
    const sql = 'UPDATE trusted_devices SET token_hash = $3 WHERE user_id = $1 AND token_hash = $2';
    await this.database.acrossTenants.writer.query(sql, [userId, Buffer.from(former), Buffer.from(next)]);
  }

  removeOldest(tenantId: TenantId, userId: UserId, kept: number): Promise<readonly TrustedDevice[]> {
    const beyond = `id IN (SELECT id FROM trusted_devices WHERE tenant_id = $1 AND user_id = $2
       ORDER BY created_at DESC, id DESC OFFSET $3)`;
    return this.removeReturning(beyond, [tenantId, userId, kept]);
  }

  async removeAllOf(userId: UserId): Promise<number> {
    const [, removed] = await this.database.acrossTenants.writer.query<[unknown, number]>(
      `DELETE FROM trusted_devices WHERE id IN (
         SELECT id FROM trusted_devices WHERE user_id = $1 ORDER BY id FOR UPDATE)`,
      [userId],
    );
    return removed;
  }

  async removeAllIn(tenantId: TenantId, userId: UserId): Promise<void> {
    await this.database.writer.query(
      `DELETE FROM trusted_devices WHERE id IN (
         SELECT id FROM trusted_devices WHERE tenant_id = $1 AND user_id = $2 ORDER BY id FOR UPDATE)`,
      [tenantId, userId],
    );
  }

  async removeEnded(now: Date, trustedSince: Date, limit: number): Promise<number> {
    const [, removed] = await this.database.writer.query<[unknown, number]>(
      `DELETE FROM trusted_devices WHERE id IN (
         SELECT d.id FROM trusted_devices d JOIN users u ON u.id = d.user_id
         WHERE d.expires_at <= $1 OR d.created_at <= $2 OR d.security_stamp <> u.security_stamp
         LIMIT $3 FOR UPDATE OF d SKIP LOCKED)`,
      [now, trustedSince, limit],
    );
    return removed;
  }

  /** Of one user in one tenant. */
  private async removeReturning(condition: string, values: readonly unknown[]): Promise<readonly TrustedDevice[]> {
    const sql = `DELETE FROM trusted_devices WHERE ${condition} RETURNING ${COLUMNS}`;
    // What DELETE answers is a pair: the rows, and how many.
    const [removed] = await this.database.writer.query<[Found[], number]>(sql, [...values]);
    return removed.map(deviceOf);
  }
}

function deviceOf(row: Found): TrustedDevice {
  return TrustedDevice.restore({
    id: row.id,
    userId: row.user_id,
    tenantId: row.tenant_id,
    tokenHash: row.token_hash,
    securityStamp: row.security_stamp,
    name: row.name,
    ipAddress: row.ip_address,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
  });
}
