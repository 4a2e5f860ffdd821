import type { TenantId, UserId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import type { AuditAction, DomainEvent, EventSubject } from '../../platform/events/event-log';

export const TENANT_DELETED = 'tenant.deleted';
export const TENANT_SUSPENDED = 'tenant.suspended';
export const TENANT_REACTIVATED = 'tenant.reactivated';
export const TENANT_PURGED = 'tenant.purged';
export const OWNERSHIP_TRANSFERRED = 'tenant.ownership_transferred';

type Actor = Pick<Principal, 'userId' | 'tenantId'>;

export function tenantCreated(id: TenantId, owner: UserId): DomainEvent {
  return { type: 'tenant.created', outcome: 'success', userId: owner, tenantId: id, target: { type: 'tenant', id } };
}

export function builtInRolesSeeded(names: readonly string[]): DomainEvent {
  return { type: 'system.roles_seeded', outcome: 'success', userId: null, tenantId: null, details: { roles: names } };
}

/** One owner less and another more; the roles themselves are told of one by one. */
export function ownershipTransferred(by: Actor, to: UserId): DomainEvent {
  return {
    type: OWNERSHIP_TRANSFERRED,
    outcome: 'success',
    ...of(by.userId, by.tenantId),
    details: { from: by.userId, to },
  };
}

/** Somebody who is no owner wanted to give the tenant to a member. */
export function transferRefused(by: Actor, to: UserId): DomainEvent {
  const target = { type: 'user', id: to };
  const details = { reason: 'needs_owner' };
  return { type: 'access.denied', outcome: 'failure', userId: by.userId, tenantId: by.tenantId, target, details };
}

/** `by`: null where it was an operator. */
function of(by: UserId | null, tenantId: TenantId): EventSubject {
  return { userId: by, tenantId, target: { type: 'tenant', id: tenantId } };
}

/** What they were and are is in the tenant. */
export function tenantRenamed(by: UserId, tenantId: TenantId, changed: readonly ('name' | 'slug')[]): DomainEvent {
  return { type: 'tenant.updated', outcome: 'success', ...of(by, tenantId), details: { fields: changed } };
}

/** A personal tenant became an organization under no one's name, for `owner` left it or owns it no more. */
export function tenantMadeShared(tenantId: TenantId, owner: UserId): DomainEvent {
  const details = { fields: ['name', 'slug', 'kind'], reason: 'owner_left' };
  return { type: 'tenant.updated', outcome: 'success', ...of(owner, tenantId), details };
}

export function tenantRenamingRefused(by: UserId, tenantId: TenantId): DomainEvent {
  return { type: 'tenant.updated', outcome: 'failure', ...of(by, tenantId), details: { reason: 'slug_taken' } };
}

/** `reason`: what the administrator said. */
export function tenantSuspended(by: UserId | null, tenantId: TenantId, reason: string | null): DomainEvent {
  return { type: TENANT_SUSPENDED, outcome: 'success', ...of(by, tenantId), details: { reason } };
}

export function tenantReactivated(by: UserId | null, tenantId: TenantId, was: string): DomainEvent {
  return { type: TENANT_REACTIVATED, outcome: 'success', ...of(by, tenantId), details: { was } };
}

/** Nobody gets in from now on. `purgeAfter`: until then it can be had back. */
export function tenantMarkedDeleted(by: UserId | null, tenantId: TenantId, purgeAfter: Date): DomainEvent {
  return {
    type: TENANT_DELETED,
    outcome: 'success',
    ...of(by, tenantId),
    details: { purge_after: purgeAfter.toISOString() },
  };
}

/** Its grace is over, and all of it is gone. */
export function tenantPurged(tenantId: TenantId): DomainEvent {
  return { type: TENANT_PURGED, outcome: 'success', ...of(null, tenantId) };
}

/** What was to become of a tenant contradicts what it is; `type` is the event it would have been. */
export function tenantChangeRefused(
  type: typeof TENANT_SUSPENDED | typeof TENANT_REACTIVATED | typeof TENANT_DELETED,
  by: UserId | null,
  tenantId: TenantId,
  reason: string,
): DomainEvent {
  return { type, outcome: 'failure', ...of(by, tenantId), details: { reason } };
}

export function tenantCreationRefused(
  { userId, tenantId }: Actor,
  reason: 'needs_system_administrator' | 'slug_taken',
): DomainEvent {
  const details = { reason };
  return { type: 'tenant.created', outcome: 'failure', userId, tenantId, details };
}

/** Somebody wanted to do what is for others: `reason` says for whom. `tenantId` is the tenant it was to be done to. */
export function tenantAccessDenied(by: UserId, tenantId: TenantId, reason: string): DomainEvent {
  return { type: 'access.denied', outcome: 'failure', ...of(by, tenantId), details: { reason } };
}

/** Whether an event says that a tenant is no more, and not merely that it will be. */
export function isTenantGone({ type, outcome, details }: DomainEvent): boolean {
  if (outcome !== 'success') return false;
  return type === TENANT_PURGED || (type === TENANT_DELETED && details?.purge_after === undefined);
}

/** Events of which those who have a tenant for an active one hear that it lets nobody in, or did not until now. */
export const TENANT_CLOSING: readonly AuditAction[] = [TENANT_SUSPENDED, TENANT_REACTIVATED, TENANT_DELETED];

/** Whether sessions of a tenant end, and sign-ins to it: it is closed, or was, and who was about to get in is late. */
export function endsEntries(event: DomainEvent): boolean {
  return event.outcome === 'success' && TENANT_CLOSING.includes(event.type) && !isTenantGone(event);
}

/** Its last member is gone. */
export function tenantDeleted(tenantId: TenantId, userId: UserId): DomainEvent {
  return { type: TENANT_DELETED, outcome: 'success', userId, tenantId, target: { type: 'tenant', id: tenantId } };
}
