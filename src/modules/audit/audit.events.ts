import type { TenantId, UserId } from '../../kernel/ids';
import type { DomainEvent } from '../../platform/events/event-log';
import type { ArchiveRecord } from './domain/seals/archive-record';

/** Who reads; an operator at the command line is nobody's account. */
export type Reader = { readonly userId: UserId | null; readonly tenantId: TenantId | null };

/** What was asked for, by name alone: what somebody looks for may be personal. */
export type Looked = {
  readonly filters: readonly string[];
  readonly action: string | null;
  readonly outcome: string | null;
};

export function auditRead({ userId, tenantId }: Reader, { filters, action, outcome }: Looked): DomainEvent {
  return { type: 'audit.read', outcome: 'success', userId, tenantId, details: { filters, action, outcome } };
}

export function auditExported({ userId, tenantId }: Reader, format: string, { filters }: Looked): DomainEvent {
  return { type: 'audit.exported', outcome: 'success', userId, tenantId, details: { format, filters } };
}

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
