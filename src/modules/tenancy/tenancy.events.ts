import type { TenantId, UserId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import type { DomainEvent } from '../../platform/events/event-log';

export function tenantCreated(id: TenantId, owner: UserId): DomainEvent {
  return { type: 'tenant.created', outcome: 'success', userId: owner, tenantId: id, target: { type: 'tenant', id } };
}

export function builtInRolesSeeded(names: readonly string[]): DomainEvent {
  return { type: 'system.roles_seeded', outcome: 'success', userId: null, tenantId: null, details: { roles: names } };
}

export function roleGranted(tenantId: TenantId, member: UserId, role: string): DomainEvent {
  return {
    type: 'role.granted',
    outcome: 'success',
    userId: member,
    tenantId,
    target: { type: 'user', id: member },
    details: { role },
  };
}

const POLICY_FIELDS = {
  refreshFromNewDevice: 'refresh_from_new_device',
  secondFactorAboveRisk: 'mfa_above_risk',
  passwordHistory: 'password_history',
  mailName: 'mail_name',
  mailSender: 'mail_sender',
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
