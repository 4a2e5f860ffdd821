import { type TenantId, type UserId, userId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import type { AuditAction, DomainEvent, EventSubject } from '../../platform/events/event-log';
import type { StatusChange } from './domain/member-status';
import type { OWNERSHIP_TRANSFERRED } from './tenancy.events';

export const USER_DELETED = 'user.deleted';
export const ROLE_GRANTED = 'role.granted';
export const MEMBER_UPDATED = 'user.updated';
export const SIGNED_OUT = 'user.signed_out';
/** The same as of a user who takes away their own. There is no session it was done in, so none of theirs goes on. */
export const SECOND_FACTORS_RESET = 'mfa.disabled';

type Actor = Pick<Principal, 'userId' | 'tenantId'>;

/** `by` is who gave it; null: an operator, or what the system does of itself. */
export function roleGranted(tenantId: TenantId, member: UserId, role: string, by: UserId | null): DomainEvent {
  return { type: ROLE_GRANTED, outcome: 'success', ...ofMember(tenantId, member), details: { role, by } };
}

/** Of who stays a member. `by` as of `roleGranted`. */
export function roleRevoked(tenantId: TenantId, member: UserId, role: string, by: UserId | null): DomainEvent {
  return { type: 'role.revoked', outcome: 'success', ...ofMember(tenantId, member), details: { role, by } };
}

function ofMember(tenantId: TenantId, userId: UserId): EventSubject {
  return { userId, tenantId, target: { type: 'user', id: userId } };
}

type MemberOf = { readonly tenantId: TenantId; readonly userId: UserId };

const aboutMember = (by: Actor, userId: UserId): EventSubject => ofMember(by.tenantId, userId);

export const STATUS_EVENTS = {
  lock: 'user.locked',
  unlock: 'user.unlocked',
  disable: 'user.disabled',
  enable: 'user.enabled',
} as const satisfies Readonly<Record<StatusChange, AuditAction>>;

/** What is done to a member by somebody who is found, held and ranked first. */
export type MemberAct =
  | (typeof STATUS_EVENTS)[StatusChange]
  | typeof USER_DELETED
  | typeof ROLE_GRANTED
  | typeof MEMBER_UPDATED
  | typeof SIGNED_OUT
  | typeof SECOND_FACTORS_RESET
  | typeof OWNERSHIP_TRANSFERRED;

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
export function memberActRefused(by: Actor, member: UserId, type: MemberAct, reason: string): DomainEvent {
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
