import { Injectable } from '@nestjs/common';
import { sessionId, type UserId } from '../../../../kernel/ids';
import { Database } from '../../../../platform/database/database';
import { SessionQueries, type SessionView } from '../../application/sessions/session-queries';
import { SESSION_END, sessionInForceAt } from './in-force';

type Found = {
  id: string;
  ip_address: string | null;
  user_agent: string | null;
  created_at: Date;
  last_seen_at: Date;
  ends_at: Date;
  authentication_methods: string[];
};

const MOST = 200;

@Injectable()
export class SqlSessionQueries extends SessionQueries {
  constructor(private readonly database: Database) {
    super();
  }

  async listOf(userId: UserId, now: Date): Promise<readonly SessionView[]> {
    const rows = await this.database.acrossTenants.reader.query<Found[]>(
      `SELECT s.id, s.ip_address, s.user_agent, s.created_at, GREATEST(s.last_seen_at, s.rotated_at) AS last_seen_at,
              ${SESSION_END} AS ends_at, s.authentication_methods
       FROM sessions s JOIN users u ON u.id = s.user_id JOIN tenants t ON t.id = s.tenant_id
       WHERE s.user_id = $1 AND ${sessionInForceAt('$2')}
       ORDER BY GREATEST(s.last_seen_at, s.rotated_at) DESC, s.id DESC LIMIT ${MOST}`,
      [userId, now],
    );
    return rows.map((row) => ({
      id: sessionId(row.id),
      ipAddress: row.ip_address,
      userAgent: row.user_agent,
      createdAt: row.created_at,
      lastSeenAt: row.last_seen_at,
      expiresAt: row.ends_at,
      authenticationMethods: row.authentication_methods,
    }));
  }
}
