import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PersonalData } from '../../../platform/privacy/personal-data';

const SECTIONS = {
  sessions: `SELECT id, tenant_id, authentication_methods, assurance, ip_address, user_agent, authenticated_at, created_at,
      last_seen_at, expires_at, revoked_at, revoked_for FROM sessions WHERE user_id = $1 ORDER BY created_at, id`,
  api_keys: `SELECT id, tenant_id, name, description, prefix, permissions, allowed_ips, created_at, last_used_at, expires_at,
      successor_id, revoked_at
      FROM api_keys WHERE owner_id = $1 ORDER BY created_at, id`,
} as const;

/** What this module holds about a user. */
@Injectable()
export class TokensPersonalData implements OnModuleInit {
  constructor(private readonly personal: PersonalData) {}

  onModuleInit(): void {
    for (const [section, sql] of Object.entries(SECTIONS)) this.personal.describe(section, sql);
  }
}
