import type { TenantId, UserId } from '../../kernel/ids';
import type { DomainEvent } from '../../platform/events/event-log';
import type { Verification } from './application/seals/verify-audit-log';

type Asked = { readonly userId: UserId | null; readonly tenantId: TenantId | null };

/** The log was held to its seals; failed where something is wrong, with the first thing that is. */
export function verifiedEventOf(verification: Verification, by: Asked, seesAll: boolean): DomainEvent {
  const { findings, complete, events, fromSeal, unsealed } = verification;
  const [first] = findings;
  return {
    type: 'audit.verified',
    outcome: first ? 'failure' : 'success',
    ...by,
    target: { type: 'audit_log', id: seesAll ? 'all' : (by.tenantId ?? 'all') },
    details: {
      ...{ events, from_seal: fromSeal, unsealed, complete },
      ...(first && { reason: first.reason, sequence: first.sequence, seal: first.seal }),
    },
  };
}

/** Somebody read one event with what proves it. */
export function provenEventOf(eventId: string, by: Asked): DomainEvent {
  return { type: 'audit.read', outcome: 'success', ...by, target: { type: 'audit_event', id: eventId } };
}
