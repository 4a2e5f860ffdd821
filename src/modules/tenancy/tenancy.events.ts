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
} as const;

/** Names of the contract, for the log outlives the names of the code. */
export function tenantPolicyChanged(
  by: Pick<Principal, 'userId'>,
  tenantId: TenantId,
  changed: readonly (keyof typeof POLICY_FIELDS)[],
): DomainEvent {
  const fields = changed.map((field) => POLICY_FIELDS[field]);
  const target = { type: 'tenant', id: tenantId };
  return { type: 'tenant.updated', outcome: 'success', userId: by.userId, tenantId, target, details: { fields } };
}
