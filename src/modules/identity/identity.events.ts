import type { Principal } from '../../kernel/principal';
import type { DomainEvent } from '../../platform/events/event-log';

export const PASSWORD_CHANGED = 'password.changed';

const mine = ({ userId, tenantId }: Principal): Pick<DomainEvent, 'userId' | 'tenantId' | 'target'> => ({
  userId,
  tenantId,
  target: { type: 'user', id: userId },
});

/** `kept_session_id` is the session the change was made in: the only one that goes on. */
export function passwordChanged(by: Principal): DomainEvent {
  return { type: PASSWORD_CHANGED, outcome: 'success', ...mine(by), details: { kept_session_id: by.sessionId } };
}

export function passwordChangeRefused(by: Principal, reason: 'wrong_password' | 'changed_meanwhile'): DomainEvent {
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
