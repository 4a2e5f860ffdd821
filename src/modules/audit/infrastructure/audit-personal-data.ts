import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PersonalData } from '../../../platform/privacy/personal-data';

/** Where somebody else did it to the user, their request is theirs. */
const own = (column: string): string =>
  `CASE WHEN coalesce(details->>'by', details->>'revoked_by', user_id::text) = user_id::text THEN ${column} END AS ${column}`;

const SECTIONS = {
  // The newest; the rest can be read page by page as ever.
  audit_events: `SELECT id, sequence, occurred_at, tenant_id, actor, action, outcome, target_type, target_id,
      ${own('ip_address')}, ${own('user_agent')}, ${own('request_id')}, risk_score, details FROM audit_events WHERE user_id = $1
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
