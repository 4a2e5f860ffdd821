import type { TenantId, UserId } from '../../kernel/ids';
import type { DomainEvent } from '../../platform/events/event-log';
import type { TenantLimits } from './domain/limits/tenant-limits';

const FIELDS = {
  maxUsers: 'max_users',
  maxApiKeys: 'max_api_keys',
  maxRoles: 'max_roles',
  maxRequestsPerDay: 'max_requests_per_day',
  maxMailsPerDay: 'max_mails_per_day',
  maxSmsPerDay: 'max_sms_per_day',
} as const satisfies Readonly<Record<keyof TenantLimits, string>>;

/** `by` is the system administrator; null: an operator. Of the limits that changed, what they were and are. */
export function tenantLimitsChanged(
  by: UserId | null,
  tenantId: TenantId,
  former: TenantLimits,
  next: TenantLimits,
  changed: readonly (keyof TenantLimits)[],
): DomainEvent {
  const valuesOf = (limits: TenantLimits): Readonly<Record<string, number | null>> =>
    Object.fromEntries(changed.map((field) => [FIELDS[field], limits[field]]));
  return {
    type: 'tenant.limits_changed',
    outcome: 'success',
    userId: by,
    tenantId,
    target: { type: 'tenant', id: tenantId },
    details: { fields: changed.map((field) => FIELDS[field]), before: valuesOf(former), after: valuesOf(next) },
  };
}
