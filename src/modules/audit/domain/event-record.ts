/** Values of details: JSON without surprises. */
export type RecordedDetails = Readonly<Record<string, unknown>>;

/** An event as it is stored, and as its seal covers it. */
export type EventRecord = {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly occurredAt: string;
  readonly tenantId: string | null;
  readonly userId: string | null;
  readonly actor: string;
  readonly actorId: string | null;
  readonly apiKeyId: string | null;
  readonly action: string;
  readonly outcome: string;
  readonly target: { readonly type: string; readonly id: string } | null;
  /** In the clear where they are nobody's known; null where they are in the box of a person. */
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
  readonly riskScore: number;
  readonly details: RecordedDetails;
  /** What commits to the personal fields, in hex; null where there are none. */
  readonly personal: string | null;
};

/** As it is stored: the database has given it its number, a decimal. */
export type NumberedRecord = EventRecord & { readonly sequence: string };

/**
 * What the service signs when it writes an event: all of it but the number, which the database gives. In the names of the
 * contract, for seals outlive the names of the code.
 */
export function signedFieldsOf(record: EventRecord): Readonly<Record<string, unknown>> {
  return {
    id: record.id,
    occurred_at: record.occurredAt,
    tenant_id: record.tenantId,
    user_id: record.userId,
    actor: record.actor,
    actor_id: record.actorId,
    api_key_id: record.apiKeyId,
    action: record.action,
    outcome: record.outcome,
    target: record.target && { type: record.target.type, id: record.target.id },
    ip_address: record.ipAddress,
    user_agent: record.userAgent,
    request_id: record.requestId,
    risk_score: record.riskScore,
    details: record.details,
    personal: record.personal,
  };
}

/** What a seal covers of an event: all of it, and where it stands. */
export function sealedFieldsOf(record: NumberedRecord): Readonly<Record<string, unknown>> {
  return { ...signedFieldsOf(record), sequence: Number(record.sequence) };
}
