import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PersonalData } from '../../../platform/privacy/personal-data';

const SECTIONS = {
  memberships: `SELECT t.id AS tenant_id, t.name AS tenant_name, t.slug AS tenant_slug, m.created_at,
      ARRAY(SELECT r.name FROM membership_roles mr JOIN roles r ON r.id = mr.role_id
            WHERE mr.tenant_id = m.tenant_id AND mr.user_id = m.user_id ORDER BY r.name) AS roles
      FROM memberships m JOIN tenants t ON t.id = m.tenant_id WHERE m.user_id = $1 ORDER BY m.created_at, t.id`,
} as const;

/** What this module holds about a user. */
@Injectable()
export class TenancyPersonalData implements OnModuleInit {
  constructor(private readonly personal: PersonalData) {}

  onModuleInit(): void {
    for (const [section, sql] of Object.entries(SECTIONS)) this.personal.describe(section, sql);
  }
}
