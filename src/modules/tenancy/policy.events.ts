import type { TenantId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import type { DomainEvent } from '../../platform/events/event-log';

const POLICY_FIELDS = {
  refreshFromNewDevice: 'refresh_from_new_device',
  secondFactorRequired: 'mfa_required',
  secondFactorRequiredOf: 'mfa_required_roles',
  secondFactorAboveRisk: 'mfa_above_risk',
  passwordHistory: 'password_history',
  mailName: 'mail_name',
  mailSender: 'mail_sender',
  allowedEmailDomains: 'allowed_email_domains',
  sessionMaxDays: 'session_max_days',
  ipAllowlist: 'ip_allowlist',
  apiKeyMaxDays: 'api_key_max_days',
} as const;

type PolicyField = keyof typeof POLICY_FIELDS;

export function tenantPolicyChanged(
  by: Pick<Principal, 'userId'>,
  tenantId: TenantId,
  changed: readonly PolicyField[],
): DomainEvent {
  return { ...aboutPolicy(by, tenantId), outcome: 'success', details: { fields: namesOf(changed) } };
}

/** `wanted` is all that was to be changed, and nothing of it was. */
export function tenantPolicyChangeRefused(
  by: Pick<Principal, 'userId'>,
  tenantId: TenantId,
  wanted: readonly PolicyField[],
): DomainEvent {
  const details = { fields: namesOf(wanted), reason: 'needs_system_administrator' };
  return { ...aboutPolicy(by, tenantId), outcome: 'failure', details };
}

/** Names of the contract, for the log outlives the names of the code. */
function namesOf(fields: readonly PolicyField[]): readonly string[] {
  return fields.map((field) => POLICY_FIELDS[field]);
}

function aboutPolicy({ userId }: Pick<Principal, 'userId'>, tenantId: TenantId): Omit<DomainEvent, 'outcome'> {
  return { type: 'tenant.updated', userId, tenantId, target: { type: 'tenant', id: tenantId } };
}
