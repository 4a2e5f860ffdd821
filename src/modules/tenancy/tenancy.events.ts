import type { TenantId, UserId } from '../../kernel/ids';
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
