import type { UserId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import type { DomainEvent, EventSubject } from '../../platform/events/event-log';

export const PASSWORD_CHANGED = 'password.changed';
export const USER_RECLAIMED = 'user.reclaimed';

const mine = ({ userId, tenantId }: Principal): EventSubject => ({
  userId,
  tenantId,
  target: { type: 'user', id: userId },
});

/** `kept_session_id` is the session the change was made in: the only one that goes on. */
export function passwordChanged(by: Principal): DomainEvent {
  return { type: PASSWORD_CHANGED, outcome: 'success', ...mine(by), details: { kept_session_id: by.sessionId } };
}

export function passwordChangeRefused(by: Principal, reason: string): DomainEvent {
  return { type: PASSWORD_CHANGED, outcome: 'failure', ...mine(by), details: { reason } };
}

const FIELD_NAMES = { username: 'username', firstName: 'first_name', lastName: 'last_name' } as const;

/** Names of the contract, for the log outlives the names of the code. */
export function userUpdated(by: Principal, changed: readonly (keyof typeof FIELD_NAMES)[]): DomainEvent {
  const fields = changed.map((field) => FIELD_NAMES[field]);
  return { type: 'user.updated', outcome: 'success', ...mine(by), details: { fields } };
}

export function userUpdateRefused(by: Principal): DomainEvent {
  return { type: 'user.updated', outcome: 'failure', ...mine(by), details: { reason: 'username_taken' } };
}

/** All that is held about a user was read by that user. */
export function userExported(by: Principal): DomainEvent {
  return { type: 'user.exported', outcome: 'success', ...mine(by) };
}

/** One source of a kind has to wait; which one is of a person. `failures` are in a row, from anywhere. */
export function sourceLocked(userId: UserId, source: string, until: Date, failures: number): DomainEvent {
  const details = { scope: 'source', source, until: until.toISOString(), failures };
  return { type: 'user.locked', ...happenedTo(userId), details };
}

/** Nobody but known devices signs in with the password, until recovery. */
export function signInStopped(userId: UserId, failures: number): DomainEvent {
  const details = { scope: 'account', until: 'recovery', failures };
  return { type: 'user.locked', ...happenedTo(userId), details };
}

/** `by` is the administrator who did it; null where it was the command line, or a new password. */
export function userUnlocked(
  userId: UserId,
  by: Pick<Principal, 'userId' | 'tenantId'> | null,
  wasLocked: boolean,
): DomainEvent {
  const details = { was_locked: wasLocked, by: by?.userId ?? null };
  return { type: 'user.unlocked', ...happenedTo(userId), tenantId: by?.tenantId ?? null, details };
}

/** An identity provider showed for the first time whose the mailbox of the account is (RC-09). */
export function userReclaimed(userId: UserId, provider: string): DomainEvent {
  return { type: USER_RECLAIMED, ...happenedTo(userId), details: { provider } };
}

/** Only operators do so. */
export function systemAdministratorChanged(userId: UserId, isOneNow: boolean): DomainEvent {
  const type = isOneNow ? 'user.system_administrator_granted' : 'user.system_administrator_revoked';
  return { type, ...happenedTo(userId) };
}

function happenedTo(userId: UserId): EventSubject & { readonly outcome: 'success' } {
  return { outcome: 'success', userId, tenantId: null, target: { type: 'user', id: userId } };
}
