import type { DomainEvent } from '../../platform/events/event-log';
import type { ArchiveRecord } from './domain/seals/archive-record';

/** The events of a month have gone to a file. */
export function auditArchived({ month, events, throughSeal, fileSha256 }: ArchiveRecord): DomainEvent {
  return {
    type: 'audit.archived',
    outcome: 'success',
    userId: null,
    tenantId: null,
    target: { type: 'audit_month', id: month.slice(0, 7) },
    details: { events, through_seal: throughSeal, file_sha256: fileSha256 },
  };
}
