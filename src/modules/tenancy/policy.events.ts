import type { TenantId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import type { DomainEvent } from '../../platform/events/event-log';
import type { TenantPolicy } from './domain/tenant-policy';

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
  autoJoinProviders: 'auto_join_providers',
  autoJoinRole: 'auto_join_role',
} as const;

type PolicyField = keyof typeof POLICY_FIELDS;

/** A policy before and after, and which of its fields differ. */
export type PolicyRevision = {
  readonly former: TenantPolicy;
  readonly next: TenantPolicy;
  readonly changed: readonly PolicyField[];
};

/** What these say is of somebody's mailbox or network: that they changed is told, and no more. */
const UNTOLD: readonly PolicyField[] = ['mailSender', 'ipAllowlist'];

export function tenantPolicyChanged(
  { userId }: Pick<Principal, 'userId'>,
  tenantId: TenantId,
  change: PolicyRevision,
): DomainEvent {
  const { former, next, changed } = change;
  // Names of the contract, for the log outlives the names of the code.
  const fields = changed.map((field) => POLICY_FIELDS[field]);
  const told = changed.filter((field) => !UNTOLD.includes(field));
  const valuesOf = (policy: TenantPolicy): Readonly<Record<string, TenantPolicy[PolicyField]>> =>
    Object.fromEntries(told.map((field) => [POLICY_FIELDS[field], policy[field]]));
  const details = { fields, before: valuesOf(former), after: valuesOf(next) };
  const target = { type: 'tenant', id: tenantId };
  return { type: 'tenant.updated', outcome: 'success', userId, tenantId, target, details };
}
