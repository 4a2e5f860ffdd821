import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PersonalData } from '../../../platform/privacy/personal-data';

const SECTIONS = {
  pending_sign_ins: `SELECT tenant_id, authentication_methods, remember_device, risk_score, risk_signals, wrong_codes,
      created_at, expires_at FROM challenges WHERE user_id = $1 ORDER BY created_at, id`,
  familiar_places: `SELECT kind, value, first_seen_at, last_seen_at FROM familiar_places WHERE user_id = $1
      ORDER BY first_seen_at, kind, value`,
} as const;

/** What this module holds about a user. */
@Injectable()
export class SigninPersonalData implements OnModuleInit {
  constructor(private readonly personal: PersonalData) {}

  onModuleInit(): void {
    for (const [section, sql] of Object.entries(SECTIONS)) this.personal.describe(section, sql);
  }
}
