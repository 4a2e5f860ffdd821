import { stringify } from 'csv-stringify/sync';
import type { AuditEventView } from '../../application/audit-queries';

const COLUMNS: Readonly<Record<string, (event: AuditEventView) => string | number | null>> = {
  sequence: (event) => event.sequence,
  id: (event) => event.id,
  occurred_at: (event) => event.occurredAt,
  tenant_id: (event) => event.tenantId,
  user_id: (event) => event.userId,
  actor: (event) => event.actor,
  actor_id: (event) => event.actorId,
  api_key_id: (event) => event.apiKeyId,
  action: (event) => event.action,
  outcome: (event) => event.outcome,
  target_type: (event) => event.target?.type ?? null,
  target_id: (event) => event.target?.id ?? null,
  ip_address: (event) => event.ipAddress,
  user_agent: (event) => event.userAgent,
  request_id: (event) => event.requestId,
  risk_score: (event) => event.riskScore,
  details: (event) => JSON.stringify(event.details),
};

/** The first line. */
export function csvHead(): string {
  return csv([Object.keys(COLUMNS)]);
}

export function csvLinesOf(events: readonly AuditEventView[]): string {
  return csv(events.map((event) => Object.values(COLUMNS).map((valueOf) => valueOf(event))));
}

/**
 * As RFC 4180 has it. What a spreadsheet would take for a formula begins with an apostrophe: clients choose their agents'
 * names.
 */
function csv(rows: readonly (readonly (string | number | null)[])[]): string {
  return stringify([...rows], { record_delimiter: 'windows', quote_record_delimiter: true, escape_formulas: true });
}
