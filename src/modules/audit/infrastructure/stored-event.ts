import type { NumberedRecord, RecordedDetails } from '../domain/event-record';

/** A row of audit_events as `STORED_EVENT` reads it: numbers and bytes as the driver gives them. */
export type StoredEvent = {
  readonly sequence: string;
  readonly id: string;
  readonly occurred_at: string;
  readonly tenant_id: string | null;
  readonly user_id: string | null;
  readonly actor: string;
  readonly actor_id: string | null;
  readonly api_key_id: string | null;
  readonly action: string;
  readonly outcome: 'success' | 'failure';
  readonly target_type: string | null;
  readonly target_id: string | null;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
  readonly request_id: string | null;
  readonly risk_score: number;
  readonly details: RecordedDetails;
  readonly personal_digest: Buffer | null;
  readonly personal_box: Buffer | null;
  readonly mac: Buffer | null;
};

/**
 * The columns of a StoredEvent. The instant to the last microsecond, which a Date would not hold: an event is altered
 * however little of it is.
 */
export const STORED_EVENT = `sequence, id, ${instant('occurred_at')} AS occurred_at, tenant_id, user_id, actor, actor_id,
  api_key_id, action, outcome, target_type, target_id, ip_address, user_agent, request_id, risk_score, details,
  personal_digest, personal_box, mac`;

/** As Date.toISOString() writes it, and with microseconds where there are any. */
export function instant(column: string): string {
  const text = `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`;
  return `regexp_replace(${text}, '000$', '') || 'Z'`;
}

/** What is sealed of a row. */
export function recordOf(row: StoredEvent): NumberedRecord {
  const { target_type: type, target_id: id } = row;
  return {
    sequence: row.sequence,
    id: row.id,
    occurredAt: row.occurred_at,
    tenantId: row.tenant_id,
    userId: row.user_id,
    actor: row.actor,
    actorId: row.actor_id,
    apiKeyId: row.api_key_id,
    action: row.action,
    outcome: row.outcome,
    target: type === null || id === null ? null : { type, id },
    ipAddress: row.ip_address,
    userAgent: row.user_agent,
    requestId: row.request_id,
    riskScore: row.risk_score,
    details: row.details,
    personal: row.personal_digest?.toString('hex') ?? null,
  };
}
