import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PersonalData } from '../../../platform/privacy/personal-data';

const SECTIONS = {
  account: `SELECT id, email, username, first_name, last_name, email_verified_at, status, system_administrator,
      password_changed_at, password_change_required, created_at, updated_at, last_login_at FROM users WHERE id = $1`,
  wrong_passwords: 'SELECT failures, stopped_at, changed_at FROM lockouts WHERE account = $1',
  mailed_links: `SELECT purpose, address, created_at, expires_at FROM mailed_secrets WHERE user_id = $1
      ORDER BY created_at`,
} as const;

/** What this module holds about a user. */
@Injectable()
export class IdentityPersonalData implements OnModuleInit {
  constructor(private readonly personal: PersonalData) {}

  onModuleInit(): void {
    for (const [section, sql] of Object.entries(SECTIONS)) this.personal.describe(section, sql);
  }
}
