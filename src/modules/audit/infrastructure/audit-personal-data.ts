import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PersonalData } from '../../../platform/privacy/personal-data';

const SECTIONS = {
  // The newest; the rest can be read page by page as ever. Where somebody else acted is theirs.
  audit_events: `SELECT id, sequence, occurred_at, tenant_id, actor, action, outcome, target_type, target_id,
      CASE WHEN own THEN ip_address END AS ip_address, CASE WHEN own THEN user_agent END AS user_agent, request_id,
      risk_score, details FROM audit_events, LATERAL (SELECT coalesce(details->>'by', details->>'revoked_by', user_id::text) = user_id::text AS own) o
      WHERE user_id = $1 ORDER BY sequence DESC LIMIT 10000`,
} as const;

/** What this module holds about a user. */
@Injectable()
export class AuditPersonalData implements OnModuleInit {
  constructor(private readonly personal: PersonalData) {}

  onModuleInit(): void {
    for (const [section, sql] of Object.entries(SECTIONS)) this.personal.describe(section, sql);
  }
}
