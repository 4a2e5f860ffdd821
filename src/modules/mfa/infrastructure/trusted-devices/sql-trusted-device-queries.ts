import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { MfaSettings } from '../../../../platform/config/settings';
import { sha256 } from '../../../../platform/crypto/sha256';
import { Database } from '../../../../platform/database/database';
import { TrustedDeviceQueries, type TrustedDeviceView } from '../../application/trusted-devices/trusted-device-queries';

type Found = {
  id: string;
  name: string;
  ip_address: string | null;
  created_at: Date;
  last_used_at: Date | null;
  ends_at: Date;
  current: boolean | null;
};

@Injectable()
export class SqlTrustedDeviceQueries extends TrustedDeviceQueries {
  constructor(
    private readonly database: Database,
    private readonly settings: MfaSettings,
  ) {
    super();
  }

  async listOf(
    tenantId: TenantId,
    userId: UserId,
    deviceToken: string | null,
    now: Date,
  ): Promise<readonly TrustedDeviceView[]> {
    // One that was trusted when that lasted longer ends when it would now.
    const endsAt = 'LEAST(d.expires_at, d.created_at + make_interval(secs => $5::int))';
    const rows = await this.database.reader.query<Found[]>(
      `SELECT d.id, d.name, d.ip_address, d.created_at, d.last_used_at, ${endsAt} AS ends_at,
              d.token_hash = $3 AS current
       FROM trusted_devices d JOIN users u ON u.id = d.user_id AND u.security_stamp = d.security_stamp
       WHERE d.tenant_id = $1 AND d.user_id = $2 AND ${endsAt} > $4
       ORDER BY d.created_at DESC, d.id DESC`,
      [tenantId, userId, deviceToken === null ? null : sha256(deviceToken), now, this.settings.trustedDeviceSeconds],
    );
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      ipAddress: row.ip_address,
      createdAt: row.created_at,
      lastUsedAt: row.last_used_at,
      expiresAt: row.ends_at,
      current: row.current === true,
    }));
  }
}
