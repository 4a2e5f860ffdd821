import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PersonalData } from '../../../platform/privacy/personal-data';

const SECTIONS = {
  memberships: `SELECT t.id AS tenant_id, t.name AS tenant_name, t.slug AS tenant_slug, m.created_at,
      ARRAY(SELECT r.name FROM membership_roles mr JOIN roles r ON r.id = mr.role_id
            WHERE mr.tenant_id = m.tenant_id AND mr.user_id = m.user_id ORDER BY r.name) AS roles
      FROM memberships m JOIN tenants t ON t.id = m.tenant_id WHERE m.user_id = $1 ORDER BY m.created_at, t.id`,
  // To an address that is not proven anybody may have made an account: what was sent there is for its owner alone.
  invitations: `SELECT i.id, i.tenant_id, r.name AS role, i.created_at, i.sent_at, i.expires_at, i.accepted_at, i.revoked_at
      FROM invitations i JOIN roles r ON r.id = i.role_id JOIN users u ON u.id = $1
      WHERE i.accepted_by = u.id OR (lower(i.email) = u.email_key AND u.email_verified_at IS NOT NULL)
      ORDER BY i.created_at, i.id`,
  invitations_sent: `SELECT i.id, i.tenant_id, r.name AS role, i.created_at, i.sent_at, i.expires_at, i.accepted_at,
      i.revoked_at FROM invitations i JOIN roles r ON r.id = i.role_id WHERE i.invited_by = $1 ORDER BY i.created_at, i.id`,
  active_days: `SELECT tenant_id, to_char(day, 'YYYY-MM-DD') AS day FROM tenant_active_users
      WHERE user_id = $1 ORDER BY day, tenant_id`,
} as const;

/** What this module holds about a user. */
@Injectable()
export class TenancyPersonalData implements OnModuleInit {
  constructor(private readonly personal: PersonalData) {}

  onModuleInit(): void {
    for (const [section, sql] of Object.entries(SECTIONS)) this.personal.describe(section, sql);
  }
}
