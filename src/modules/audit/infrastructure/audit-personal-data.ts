import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { PersonalData, type PersonalSection } from '../../../platform/privacy/personal-data';
import { AuditQueries } from '../application/audit-queries';

/** The newest; the rest can be read page by page as ever. */
const MOST = 10_000;

/** What this module holds about a user: what happened to the account. Where somebody else acted is theirs. */
@Injectable()
export class AuditPersonalData implements OnModuleInit {
  constructor(
    private readonly personal: PersonalData,
    private readonly queries: AuditQueries,
  ) {}

  onModuleInit(): void {
    this.personal.describe('audit_events', (user) => this.eventsOf(user));
  }

  private async eventsOf(user: UserId): Promise<PersonalSection> {
    const { items } = await this.queries.ofUser(user, {}, { limit: MOST, before: null });
    return items.map((event) => ({
      id: event.id,
      sequence: event.sequence,
      occurred_at: event.occurredAt,
      tenant_id: event.tenantId,
      actor: event.actor,
      action: event.action,
      outcome: event.outcome,
      target_type: event.target?.type ?? null,
      target_id: event.target?.id ?? null,
      ip_address: event.ipAddress,
      user_agent: event.userAgent,
      request_id: event.requestId,
      risk_score: event.riskScore,
      details: event.details,
    }));
  }
}
