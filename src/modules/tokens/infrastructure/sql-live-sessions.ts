import { Injectable } from '@nestjs/common';
import { sessionId, type SessionId, tenantId, userId } from '../../../kernel/ids';
import type { Principal } from '../../../kernel/principal';
import { Database } from '../../../platform/database/database';
import { LiveSessions } from '../application/live-sessions.port';

type Found = {
  user_id: string;
  tenant_id: string;
  system_administrator: boolean;
  roles: string[];
  permissions: string[];
};

/** One statement over what four modules keep: this runs on every request, and the answer must be of one moment. */
@Injectable()
export class SqlLiveSessions extends LiveSessions {
  constructor(private readonly database: Database) {
    super();
  }

  async find(id: SessionId, now: Date): Promise<Principal | null> {
    const [found] = await this.database.reader.query<Found[]>(
      `SELECT s.user_id, s.tenant_id, u.system_administrator, g.roles, g.permissions
       FROM sessions s
       JOIN users u ON u.id = s.user_id AND u.status = 'active'
       JOIN tenants t ON t.id = s.tenant_id AND t.status = 'active'
       JOIN member_grants g ON g.tenant_id = s.tenant_id AND g.user_id = s.user_id
       WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND s.idle_expires_at > $2`,
      [id, now],
    );
    if (!found) return null;
    return {
      kind: 'user',
      userId: userId(found.user_id),
      tenantId: tenantId(found.tenant_id),
      sessionId: sessionId(id),
      roles: found.roles,
      permissions: found.permissions,
      systemAdministrator: found.system_administrator,
    };
  }
}
