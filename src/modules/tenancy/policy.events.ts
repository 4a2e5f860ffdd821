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
  { userId }: Pick<Principal, 'userId'>,
  tenantId: TenantId,
  changed: readonly PolicyField[],
): DomainEvent {
  // Names of the contract, for the log outlives the names of the code.
  const fields = changed.map((field) => POLICY_FIELDS[field]);
  const target = { type: 'tenant', id: tenantId };
  return { type: 'tenant.updated', outcome: 'success', userId, tenantId, target, details: { fields } };
}
