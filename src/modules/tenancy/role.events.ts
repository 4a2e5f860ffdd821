import type { RoleId, TenantId, UserId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import type { DomainEvent } from '../../platform/events/event-log';
import type { RoleDefinition } from './domain/built-in-roles';
import type { OwnRole, RoleChange } from './domain/role';

export const ROLE_CREATED = 'role.created';
export const ROLE_UPDATED = 'role.updated';
export const ROLE_DELETED = 'role.deleted';

type Actor = Pick<Principal, 'userId' | 'tenantId'>;

const about = (tenantId: TenantId, id: RoleId): Pick<DomainEvent, 'tenantId' | 'target'> => ({
  tenantId,
  target: { type: 'role', id },
});

/** `by` is who made it; null: an operator. */
export function roleCreated({ id, tenantId, name, permissions }: OwnRole, by: UserId | null): DomainEvent {
  const details = { role: name, permissions };
  return { type: ROLE_CREATED, outcome: 'success', userId: by, ...about(tenantId, id), details };
}

/** What it grants to everybody who holds it, from now on. */
export function roleUpdated(by: Actor, former: OwnRole, next: RoleDefinition, change: RoleChange): DomainEvent {
  const { fields, granted, withdrawn } = change;
  const details = { role: next.name, was: former.name, fields, granted, withdrawn };
  return {
    type: ROLE_UPDATED,
    outcome: 'success',
    userId: by.userId,
    ...about(former.tenantId, former.id),
    details,
  };
}

export function roleDeleted(by: Actor, { id, tenantId, name }: OwnRole): DomainEvent {
  const details = { role: name };
  return { type: ROLE_DELETED, outcome: 'success', userId: by.userId, ...about(tenantId, id), details };
}

/** `type` is the event it would have been; `id` is null where there was to be a role. */
export function roleChangeRefused(
  { userId, tenantId }: Actor,
  type: typeof ROLE_CREATED | typeof ROLE_UPDATED | typeof ROLE_DELETED,
  { id, name }: { readonly id: RoleId | null; readonly name: string },
  reason: 'built_in' | 'in_use' | 'name_taken' | 'quota_exceeded',
): DomainEvent {
  const target = id === null ? {} : { target: { type: 'role', id } };
  return { type, outcome: 'failure', userId, tenantId, ...target, details: { role: name, reason } };
}

const RESOURCE_EVENTS = {
  register: 'permission.registered',
  replace: 'permission.updated',
  remove: 'permission.removed',
} as const;

/** The tenant has registered as many resources as it may. */
export function resourceBeyondQuota({ userId, tenantId }: Actor, name: string): DomainEvent {
  const target = { type: 'permission', id: name };
  const details = { reason: 'quota_exceeded' };
  return { type: RESOURCE_EVENTS.register, outcome: 'failure', userId, tenantId, target, details };
}

/** What was done to what a tenant says of a resource. It grants nothing to anybody. */
export function resourceChanged(
  { userId, tenantId }: Actor,
  change: keyof typeof RESOURCE_EVENTS,
  name: string,
  actions: readonly string[] = [],
): DomainEvent {
  const about = { outcome: 'success', userId, tenantId, target: { type: 'permission', id: name } } as const;
  if (change === 'remove') return { type: RESOURCE_EVENTS.remove, ...about };
  return { type: RESOURCE_EVENTS[change], ...about, details: { actions } };
}
