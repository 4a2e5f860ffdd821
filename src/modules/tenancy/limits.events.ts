import type { TenantId, UserId } from '../../kernel/ids';
import type { DetailName } from '../../platform/events/catalogue/detail-names';
import type { DomainEvent } from '../../platform/events/event-log';
import type { TenantLimits } from './domain/limits/tenant-limits';

const FIELDS = {
  maxUsers: 'max_users',
  maxApiKeys: 'max_api_keys',
  maxRoles: 'max_roles',
  maxRequestsPerDay: 'max_requests_per_day',
  maxMailsPerDay: 'max_mails_per_day',
  maxSmsPerDay: 'max_sms_per_day',
} as const satisfies Readonly<Record<keyof TenantLimits, DetailName>>;

/** `by` is the system administrator; null: an operator. What the limits are now is told of those that changed. */
export function tenantLimitsChanged(
  by: UserId | null,
  tenantId: TenantId,
  limits: TenantLimits,
  changed: readonly (keyof TenantLimits)[],
): DomainEvent {
  const values = Object.fromEntries(changed.map((field) => [FIELDS[field], limits[field]]));
  return {
    type: 'tenant.limits_changed',
    outcome: 'success',
    userId: by,
    tenantId,
    target: { type: 'tenant', id: tenantId },
    details: { fields: changed.map((field) => FIELDS[field]), ...values },
  };
}
