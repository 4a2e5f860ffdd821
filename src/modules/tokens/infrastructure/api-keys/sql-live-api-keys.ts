import { Injectable } from '@nestjs/common';
import { tenantId, userId } from '../../../../kernel/ids';
import { Database } from '../../../../platform/database/database';
import { type LiveApiKey, LiveApiKeys } from '../../application/api-keys/live-api-keys.port';
import type { ApiKeyId } from '../../domain/api-keys/api-key-id';

type Found = {
  id: ApiKeyId;
  owner_id: string;
  tenant_id: string;
  permissions: string[];
  owner_permissions: string[];
  allowed_ips: string[];
  ip_allowlist: string[];
};

/**
 * One statement over what four modules keep: this runs on every request, and the answer must be of one moment. It is asked
 * of a secret, before anybody knows of which tenant that is.
 */
@Injectable()
export class SqlLiveApiKeys extends LiveApiKeys {
  constructor(private readonly database: Database) {
    super();
  }

  async find(secretHash: Uint8Array, now: Date): Promise<LiveApiKey | null> {
    const [found] = await this.database.acrossTenants.reader.query<Found[]>(
      `SELECT k.id, k.owner_id, k.tenant_id, k.permissions, k.allowed_ips, g.permissions AS owner_permissions, t.ip_allowlist
       FROM api_keys k
       JOIN users u ON u.id = k.owner_id AND u.status = 'active'
       JOIN tenants t ON t.id = k.tenant_id AND t.status = 'active'
       JOIN member_grants g ON g.tenant_id = k.tenant_id AND g.user_id = k.owner_id
       WHERE k.secret_hash = $1 AND k.revoked_at IS NULL AND k.expires_at > $2`,
      [Buffer.from(secretHash), now],
    );
    if (!found) return null;
    return {
      id: found.id,
      ownerId: userId(found.owner_id),
      tenantId: tenantId(found.tenant_id),
      permissions: found.permissions,
      ownerPermissions: found.owner_permissions,
      allowedIps: found.allowed_ips,
      networks: found.ip_allowlist,
    };
  }
}
