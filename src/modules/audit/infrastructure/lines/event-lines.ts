import type { AuditEventView } from '../../application/audit-queries';
import type { NumberedRecord } from '../../domain/event-record';
import { hasPersonalFields, NO_PERSONAL_FIELDS } from '../../domain/personal-fields';
import { commitmentTo } from '../personal/personal-box';
import { recordOf, type StoredEvent } from '../stored-event';
import { JsonFields, MalformedLine } from './json-shapes';

/** What a line tells of an event: all that its seal covers, and whether what it shows beside that is true. */
export type ReadEvent = {
  readonly record: NumberedRecord;
  /** As it was stored, from an archive; null from an export. */
  readonly personalBox: Buffer | null;
  /** false: the line shows an address or agent that is not what the event commits to. */
  readonly isHonest: boolean;
};

/** A line of an export, without its end: the event as it is shown, and what shows that it is the one that was sealed. */
export function eventLineOf(event: AuditEventView): string {
  return JSON.stringify({
    ...fieldsOf({ ...event, personal: event.personalDigest }),
    personal_salt: event.personalSalt?.toString('base64') ?? null,
  });
}

/**
 * A line of an archive: the event as it is stored. What is personal stays in its box, and goes with its key there too.
 * Throws MalformedLine where the number is none that is sealed.
 */
export function archivedLineOf(row: StoredEvent): string {
  return JSON.stringify({
    ...fieldsOf(sealable(recordOf(row))),
    personal_salt: null,
    personal_box: row.personal_box?.toString('base64') ?? null,
    mac: row.mac?.toString('base64') ?? null,
  });
}

function sealable(record: NumberedRecord): NumberedRecord {
  if (typeof sequenceFieldOf(record) === 'number') return record;
  throw new MalformedLine('The sequence is too large to be written as a number');
}

/** Either of them. Throws MalformedLine. */
export function readEventLine(line: string): ReadEvent {
  const fields = JsonFields.parse(line);
  const shown = { ipAddress: fields.textOrNull('ip_address'), userAgent: fields.textOrNull('user_agent') };
  const personal = fields.textOrNull('personal_digest');
  const salt = fields.bytesOrNull('personal_salt');
  return {
    record: { ...sealedPartOf(fields), ...(personal === null ? shown : NO_PERSONAL_FIELDS), personal },
    personalBox: fields.bytesOrNull('personal_box'),
    isHonest: isCommittedTo(shown, personal, salt),
  };
}

type Sealed = Omit<NumberedRecord, 'ipAddress' | 'userAgent' | 'personal'>;

function sealedPartOf(fields: JsonFields): Sealed {
  const target = fields.objectOrNull('target');
  return {
    id: fields.uuid('id'),
    sequence: fields.wholeNumber('sequence'),
    occurredAt: fields.text('occurred_at'),
    tenantId: fields.textOrNull('tenant_id'),
    userId: fields.textOrNull('user_id'),
    actor: fields.text('actor'),
    actorId: fields.textOrNull('actor_id'),
    apiKeyId: fields.textOrNull('api_key_id'),
    action: fields.text('action'),
    outcome: fields.text('outcome'),
    target: target && targetOf(JsonFields.of(target, 'The target')),
    requestId: fields.textOrNull('request_id'),
    riskScore: fields.count('risk_score'),
    details: fields.object('details'),
  };
}

/** No seal has a number that is not held exactly; an export shows it all the same, as text. */
function sequenceFieldOf({ sequence }: NumberedRecord): number | string {
  return Number.isSafeInteger(Number(sequence)) ? Number(sequence) : sequence;
}

function targetOf(fields: JsonFields): { readonly type: string; readonly id: string } {
  return { type: fields.text('type'), id: fields.text('id') };
}

/** Of who is erased, and in archives, nothing is shown; what is shown must be what was committed to. */
function isCommittedTo(
  shown: { readonly ipAddress: string | null; readonly userAgent: string | null },
  digest: string | null,
  salt: Buffer | null,
): boolean {
  if (digest === null) return salt === null;
  if (salt === null) return !hasPersonalFields(shown);
  return commitmentTo(shown, salt).toString('hex') === digest;
}

function fieldsOf(event: NumberedRecord): Readonly<Record<string, unknown>> {
  return {
    id: event.id,
    sequence: sequenceFieldOf(event),
    occurred_at: event.occurredAt,
    tenant_id: event.tenantId,
    user_id: event.userId,
    actor: event.actor,
    actor_id: event.actorId,
    api_key_id: event.apiKeyId,
    action: event.action,
    outcome: event.outcome,
    target: event.target && { type: event.target.type, id: event.target.id },
    ip_address: event.ipAddress,
    user_agent: event.userAgent,
    request_id: event.requestId,
    risk_score: event.riskScore,
    details: event.details,
    personal_digest: event.personal,
  };
}
