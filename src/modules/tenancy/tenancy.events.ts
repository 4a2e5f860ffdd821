import { type TenantId, type UserId, userId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import type { DomainEvent } from '../../platform/events/event-log';
import type { StatusChange } from './domain/member-status';

export const USER_DELETED = 'user.deleted';
export const TENANT_DELETED = 'tenant.deleted';
export const TENANT_SUSPENDED = 'tenant.suspended';
export const TENANT_REACTIVATED = 'tenant.reactivated';
export const TENANT_PURGED = 'tenant.purged';
export const ROLE_GRANTED = 'role.granted';
export const OWNERSHIP_TRANSFERRED = 'tenant.ownership_transferred';
export const MEMBER_UPDATED = 'user.updated';
export const SIGNED_OUT = 'user.signed_out';
/** The same as of a user who takes away their own. There is no session it was done in, so none of theirs goes on. */
export const SECOND_FACTORS_RESET = 'mfa.disabled';

export function tenantCreated(id: TenantId, owner: UserId): DomainEvent {
  return { type: 'tenant.created', outcome: 'success', userId: owner, tenantId: id, target: { type: 'tenant', id } };
}

export function builtInRolesSeeded(names: readonly string[]): DomainEvent {
  return { type: 'system.roles_seeded', outcome: 'success', userId: null, tenantId: null, details: { roles: names } };
}

/** `by` is who gave it; null: an operator, or what the system does of itself. */
export function roleGranted(tenantId: TenantId, member: UserId, role: string, by: UserId | null): DomainEvent {
  return {
    type: ROLE_GRANTED,
    outcome: 'success',
    userId: member,
    tenantId,
    target: { type: 'user', id: member },
    details: { role, by },
  };
}

/** Of who stays a member. `by` as of `roleGranted`. */
export function roleRevoked(tenantId: TenantId, member: UserId, role: string, by: UserId | null): DomainEvent {
  return { ...roleGranted(tenantId, member, role, by), type: 'role.revoked' };
}

/** One owner less and another more; the roles themselves are told of one by one. */
export function ownershipTransferred(by: Actor, to: UserId): DomainEvent {
  return { ...aboutTenant(OWNERSHIP_TRANSFERRED, by.userId, by.tenantId), details: { from: by.userId, to } };
}

/** Somebody who is no owner wanted to give the tenant to a member. */
export function transferRefused(by: Actor, to: UserId): DomainEvent {
  const target = { type: 'user', id: to };
  const details = { reason: 'needs_owner' };
  return { type: 'access.denied', outcome: 'failure', userId: by.userId, tenantId: by.tenantId, target, details };
}

/** `by`: null where it was an operator. */
function aboutTenant(type: string, by: UserId | null, tenantId: TenantId): DomainEvent {
  return { type, outcome: 'success', userId: by, tenantId, target: { type: 'tenant', id: tenantId } };
}

/** What they were and are is in the tenant. */
export function tenantRenamed(by: UserId, tenantId: TenantId, changed: readonly ('name' | 'slug')[]): DomainEvent {
  return { ...aboutTenant('tenant.updated', by, tenantId), details: { fields: changed } };
}

/** A personal tenant became an organization under no one's name, for `owner` left it or owns it no more. */
export function tenantMadeShared(tenantId: TenantId, owner: UserId): DomainEvent {
  const details = { fields: ['name', 'slug', 'kind'], reason: 'owner_left' };
  return { ...aboutTenant('tenant.updated', owner, tenantId), details };
}

export function tenantRenamingRefused(by: UserId, tenantId: TenantId): DomainEvent {
  return { ...aboutTenant('tenant.updated', by, tenantId), outcome: 'failure', details: { reason: 'slug_taken' } };
}

/** `reason`: what the administrator said. */
export function tenantSuspended(by: UserId | null, tenantId: TenantId, reason: string | null): DomainEvent {
  return { ...aboutTenant(TENANT_SUSPENDED, by, tenantId), details: { reason } };
}

export function tenantReactivated(by: UserId | null, tenantId: TenantId, was: string): DomainEvent {
  return { ...aboutTenant(TENANT_REACTIVATED, by, tenantId), details: { was } };
}

/** Nobody gets in from now on. `purgeAfter`: until then it can be had back. */
export function tenantMarkedDeleted(by: UserId | null, tenantId: TenantId, purgeAfter: Date): DomainEvent {
  return { ...aboutTenant(TENANT_DELETED, by, tenantId), details: { purge_after: purgeAfter.toISOString() } };
}

/** Its grace is over, and all of it is gone. */
export function tenantPurged(tenantId: TenantId): DomainEvent {
  return aboutTenant(TENANT_PURGED, null, tenantId);
}

/** What was to become of a tenant contradicts what it is; `type` is the event it would have been. */
export function tenantChangeRefused(type: string, by: UserId | null, tenantId: TenantId, reason: string): DomainEvent {
  return { ...aboutTenant(type, by, tenantId), outcome: 'failure', details: { reason } };
}

export function tenantCreationRefused({ userId, tenantId }: Actor): DomainEvent {
  const details = { reason: 'needs_system_administrator' };
  return { type: 'tenant.created', outcome: 'failure', userId, tenantId, details };
}

/** Somebody wanted to do what is for others: `reason` says for whom. `tenantId` is the tenant it was to be done to. */
export function tenantAccessDenied(by: UserId, tenantId: TenantId, reason: string): DomainEvent {
  return { ...aboutTenant('access.denied', by, tenantId), outcome: 'failure', details: { reason } };
}

/** Whether an event says that a tenant is no more, and not merely that it will be. */
export function isTenantGone({ type, outcome, details }: DomainEvent): boolean {
  if (outcome !== 'success') return false;
  return type === TENANT_PURGED || (type === TENANT_DELETED && details?.purge_after === undefined);
}

/** Events of which those who have a tenant for an active one hear that it lets nobody in, or did not until now. */
export const TENANT_CLOSING: readonly string[] = [TENANT_SUSPENDED, TENANT_REACTIVATED, TENANT_DELETED];

/** Whether sessions of a tenant end, and sign-ins to it: it is closed, or was, and who was about to get in is late. */
export function endsEntries(event: DomainEvent): boolean {
  return event.outcome === 'success' && TENANT_CLOSING.includes(event.type) && !isTenantGone(event);
}

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
  return { ...aboutTenant('tenant.updated', userId, tenantId), details: { fields } };
}

type MemberOf = { readonly tenantId: TenantId; readonly userId: UserId };
type Actor = Pick<Principal, 'userId' | 'tenantId'>;

const aboutMember = (by: Actor, userId: UserId): Pick<DomainEvent, 'userId' | 'tenantId' | 'target'> => ({
  userId,
  tenantId: by.tenantId,
  target: { type: 'user', id: userId },
});

export const STATUS_EVENTS: Readonly<Record<StatusChange, string>> = {
  lock: 'user.locked',
  unlock: 'user.unlocked',
  disable: 'user.disabled',
  enable: 'user.enabled',
};

/** Wrong passwords lock by source or account; an administrator locks in one tenant. */
export function memberStatusChanged(
  by: Actor,
  { userId }: MemberOf,
  change: Exclude<StatusChange, 'unlock'>,
): DomainEvent {
  const details = { scope: 'tenant', by: by.userId };
  return { type: STATUS_EVENTS[change], outcome: 'success', ...aboutMember(by, userId), details };
}

/** An administrator let a locked member in again, and whoever wrong passwords kept out: one event of both. */
export function memberUnlocked(by: Actor, { userId }: MemberOf): DomainEvent {
  const details = { scope: 'tenant', was_locked: true, by: by.userId };
  return { type: STATUS_EVENTS.unlock, outcome: 'success', ...aboutMember(by, userId), details };
}

export function memberSignedOut(by: Actor, { userId }: MemberOf): DomainEvent {
  const details = { scope: 'tenant', by: by.userId };
  return { type: SIGNED_OUT, outcome: 'success', ...aboutMember(by, userId), details };
}

/** `tenantId` is the tenant whose administrator did it; null: it was for a system administrator to do. */
type Reset = { readonly tenantId: TenantId | null; readonly userId: UserId };

/** An administrator took away all `factors` second factors of an account, which is the same in every tenant. */
export function secondFactorsReset(by: UserId, { tenantId, userId }: Reset, factors: number): DomainEvent {
  const target = { type: 'user', id: userId };
  const details = { reason: 'admin_reset', scope: 'account', by, factors };
  return { type: SECOND_FACTORS_RESET, outcome: 'success', userId, tenantId, target, details };
}

export function memberCreated(by: Actor, userId: UserId): DomainEvent {
  const details = { system_administrator: false, by: by.userId };
  return { type: 'user.created', outcome: 'success', ...aboutMember(by, userId), details };
}

export function memberCreationRefused(by: Actor, reason: string): DomainEvent {
  const details = { reason, by: by.userId };
  return { type: 'user.created', outcome: 'failure', userId: null, tenantId: by.tenantId, details };
}

const PROFILE_FIELDS = { username: 'username', firstName: 'first_name', lastName: 'last_name' } as const;

/** Names of the contract; what they were and are stays out of the log. */
export function memberUpdated(
  by: Actor,
  userId: UserId,
  changed: readonly (keyof typeof PROFILE_FIELDS)[],
): DomainEvent {
  const details = { fields: changed.map((field) => PROFILE_FIELDS[field]), by: by.userId };
  return { type: MEMBER_UPDATED, outcome: 'success', ...aboutMember(by, userId), details };
}

export function memberUpdateRefused(by: Actor, id: string): DomainEvent {
  const details = { reason: 'username_taken', by: by.userId };
  return { type: MEMBER_UPDATED, outcome: 'failure', ...aboutMember(by, userId(id)), details };
}

/** `scope` is how much of the user is gone: what was theirs in the tenant, or the account. */
export function memberRemoved(by: Actor, userId: UserId, scope: 'tenant' | 'account'): DomainEvent {
  const details = { scope, by: by.userId };
  return { type: USER_DELETED, outcome: 'success', ...aboutMember(by, userId), details };
}

/** Somebody left whose account ends, in a tenant that goes on. `by` is the user; null: an operator. */
export function memberLeft(tenantId: TenantId, user: UserId, by: UserId | null): DomainEvent {
  const target = { type: 'user', id: user };
  const details = { scope: 'tenant', by };
  return { type: USER_DELETED, outcome: 'success', userId: user, tenantId, target, details };
}

/** What was to be done to a member and was refused; `type` is the event it would have been. */
export function memberActRefused(by: Actor, member: UserId, type: string, reason: string): DomainEvent {
  const details = { scope: 'tenant', by: by.userId, reason };
  return { type, outcome: 'failure', ...aboutMember(by, member), details };
}

/** `by` is the user; null: an operator. */
export function accountDeleted(userId: UserId, by: UserId | null): DomainEvent {
  const details = { scope: 'account', by };
  return {
    type: USER_DELETED,
    outcome: 'success',
    userId,
    tenantId: null,
    target: { type: 'user', id: userId },
    details,
  };
}

export function accountDeletionRefused(userId: UserId, by: UserId | null): DomainEvent {
  const details = { scope: 'account', by, reason: 'last_owner' };
  return {
    type: USER_DELETED,
    outcome: 'failure',
    userId,
    tenantId: null,
    target: { type: 'user', id: userId },
    details,
  };
}

/** Its last member is gone. */
export function tenantDeleted(tenantId: TenantId, userId: UserId): DomainEvent {
  return { type: TENANT_DELETED, outcome: 'success', userId, tenantId, target: { type: 'tenant', id: tenantId } };
}

/** Whether an event says that an account is no more, and not merely gone from one tenant. */
export function isAccountDeleted({ type, outcome, details }: DomainEvent): boolean {
  return type === USER_DELETED && outcome === 'success' && details?.scope === 'account';
}

/** Somebody wanted to act on a member who may do more than they may. */
export function actingAboveRefused(by: Actor, member: UserId, missing: readonly string[]): DomainEvent {
  const target = { type: 'user', id: member };
  const details = { reason: 'above_own_rights', permissions: missing };
  return { type: 'access.denied', outcome: 'failure', userId: by.userId, tenantId: by.tenantId, target, details };
}

/** Somebody acted who was no member in force any more; `on` a member, or null. */
export function noLongerMemberRefused(by: Actor, on: UserId | null): DomainEvent {
  const target = on === null ? {} : { target: { type: 'user', id: on } };
  const details = { reason: 'no_longer_member' };
  return { type: 'access.denied', outcome: 'failure', userId: by.userId, tenantId: by.tenantId, ...target, details };
}

/** Somebody wanted to give a role that may do more than they may. */
export function roleAboveRefused(by: Actor, role: string, missing: readonly string[]): DomainEvent {
  const details = { reason: 'above_own_rights', role, permissions: missing };
  return { type: 'access.denied', outcome: 'failure', userId: by.userId, tenantId: by.tenantId, details };
}

const ENDING: readonly string[] = ['user.locked', 'user.disabled', SIGNED_OUT, USER_DELETED];

/** Which sessions of its user an event ends: those in its tenant, those of the account, or none. */
export function sessionsEndedBy({ type, outcome, details }: DomainEvent): 'tenant' | 'account' | 'none' {
  if (outcome !== 'success') return 'none';
  if (!ENDING.includes(type)) return 'none';
  // A lock by wrong passwords has other scopes, and leaves whoever is in where they are.
  if (details?.scope === 'tenant') return 'tenant';
  return type === USER_DELETED && details?.scope === 'account' ? 'account' : 'none';
}
