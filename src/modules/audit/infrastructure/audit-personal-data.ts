import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PersonalData } from '../../../platform/privacy/personal-data';

const SECTIONS = {
  // The newest; the rest can be read page by page as ever.
  audit_events: `SELECT id, sequence, occurred_at, tenant_id, actor, action, outcome, target_type, target_id, ip_address,
      user_agent, request_id, risk_score, details FROM audit_events WHERE user_id = $1
      ORDER BY sequence DESC LIMIT 10000`,
} as const;

/** What this module holds about a user. */
@Injectable()
export class AuditPersonalData implements OnModuleInit {
  constructor(private readonly personal: PersonalData) {}

  onModuleInit(): void {
    for (const [section, sql] of Object.entries(SECTIONS)) this.personal.describe(section, sql);
  }
}
