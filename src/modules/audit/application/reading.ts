import type { Principal } from '../../../kernel/principal';
import type { TenantId } from '../../../kernel/ids';
import type { Looked, Reader } from '../audit.events';
import type { AuditFilter, LogSubject } from './audit-queries';

/** Who reads, and of whom. */
export type Reading = { readonly by: Reader; readonly subject: LogSubject };

/** The active tenant's; of a system administrator, everybody's. */
export function readingOf({ userId, tenantId, systemAdministrator }: Principal): Reading {
  const subject: LogSubject = systemAdministrator ? { kind: 'everybody' } : { kind: 'tenant', tenant: tenantId };
  return { by: { userId, tenantId }, subject };
}

/** By an operator: one tenant's, or with null everybody's. */
export function operatorsReading(tenant: TenantId | null): Reading {
  const subject: LogSubject = tenant === null ? { kind: 'everybody' } : { kind: 'tenant', tenant };
  return { by: { userId: null, tenantId: tenant }, subject };
}

/** By the names of the contract, in its order. */
export function lookedFor(filter: AuditFilter): Looked {
  const named: readonly (readonly [string, unknown])[] = [
    ['user_id', filter.userId],
    ['action', filter.action],
    ['outcome', filter.outcome],
    ['ip_address', filter.ipAddress],
    ['from', filter.from],
    ['to', filter.to],
    ['request_id', filter.requestId],
    ['min_risk', filter.minRisk],
  ];
  const filters = named.flatMap(([name, value]) => (value === undefined ? [] : [name]));
  return { filters, action: filter.action ?? null, outcome: filter.outcome ?? null };
}
