import type { TenantId, UserId } from '../../kernel/ids';
import type { DomainEvent } from '../../platform/events/event-log';

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
