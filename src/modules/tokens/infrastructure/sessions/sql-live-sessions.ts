import { Injectable } from '@nestjs/common';
import { type SessionId, type TenantId, userId } from '../../../../kernel/ids';
import { Database } from '../../../../platform/database/database';
import { networksFor } from '../../../tenancy/tenancy.facade';
import { type LiveSession, LiveSessions } from '../../application/sessions/live-sessions.port';
import { assuranceOf, isConfined, type NewDevicePolicy } from '../../domain/session';
import { SESSION_END, sessionInForceAt } from './in-force';

type Found = {
  user_id: string;
  ends_at: Date;
  ip_allowlist: string[];
  session_max_days: number | null;
  new_device: NewDevicePolicy;
  system_administrator: boolean;
  authentication_methods: string[];
  factor_shown_at: Date | null;
  device_trusted: boolean;
  called_for: boolean;
  roles: string[];
  permissions: string[];
};

/** One statement over what five modules keep: all a request may do hangs on it, and the answer must be of one moment. */
@Injectable()
export class SqlLiveSessions extends LiveSessions {
  constructor(private readonly database: Database) {
    super();
  }

  async find(sessionId: SessionId, tenantId: TenantId, now: Date): Promise<LiveSession | null> {
    // The session may be on its way into another tenant than that of whoever asks.
    const [found] = await this.database.acrossTenants.reader.query<Found[]>(
      `SELECT s.user_id, ${SESSION_END} AS ends_at, t.refresh_from_new_device AS new_device,
              t.ip_allowlist, t.session_max_days,
              u.system_administrator, g.roles, g.permissions, s.authentication_methods, s.factor_shown_at,
              COALESCE(s.device_trusted_in = t.id, false) AS device_trusted,
              t.second_factor_required OR t.second_factor_required_of && g.roles
                OR EXISTS (SELECT FROM factors f WHERE f.user_id = s.user_id AND f.confirmed_at IS NOT NULL) AS called_for
       FROM sessions s
       JOIN users u ON u.id = s.user_id AND u.status = 'active'
       JOIN tenants t ON t.id = $2 AND t.status = 'active'
       JOIN member_grants g ON g.tenant_id = t.id AND g.user_id = s.user_id
       WHERE s.id = $1 AND ${sessionInForceAt('$3')}`,
      [sessionId, tenantId, now],
    );
    if (!found) return null;
    const assurance = assuranceOf(found.authentication_methods);
    const confined = isConfined(assurance, found.device_trusted, found.called_for);
    return {
      sessionId,
      tenantId,
      userId: userId(found.user_id),
      roles: confined ? [] : found.roles,
      permissions: confined ? [] : found.permissions,
      systemAdministrator: found.system_administrator && !confined,
      assurance,
      factorShownAt: found.factor_shown_at,
      confined,
      newDevice: found.new_device,
      networks: networksFor(found.ip_allowlist, found.system_administrator),
      maxDays: found.session_max_days,
      endsAt: found.ends_at,
    };
  }
}
