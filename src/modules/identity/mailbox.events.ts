import type { UserId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import type { DomainEvent, EventDetails } from '../../platform/events/event-log';

export const PASSWORD_RESET = 'password.reset';
export const EMAIL_VERIFIED = 'email.verified';
export const EMAIL_CHANGED = 'email.changed';

/** The owner of the mailbox of an account was there. */
export function emailVerified(userId: UserId): DomainEvent {
  return about(EMAIL_VERIFIED, userId);
}

export function emailVerificationRefused(userId: UserId | null): DomainEvent {
  return refused(EMAIL_VERIFIED, userId, 'link_not_good');
}

/** `isSent`: whether a mail left. What was typed as an address is not recorded. */
export function emailVerificationRequested(userId: UserId | null, isSent: boolean): DomainEvent {
  return requested('email.verification_requested', userId, isSent);
}

/** `isSent`: whether a mail left. What was typed as an address is not recorded. */
export function passwordResetRequested(userId: UserId | null, isSent: boolean): DomainEvent {
  return requested('password.reset_requested', userId, isSent);
}

/** `first_proof`: nobody had shown before that the address is theirs. */
export function passwordReset(userId: UserId, isFirstProof: boolean): DomainEvent {
  return { ...about(PASSWORD_RESET, userId), details: { first_proof: isFirstProof } };
}

export function passwordResetRefused(userId: UserId | null): DomainEvent {
  return refused(PASSWORD_RESET, userId, 'link_not_good');
}

export function emailChangeRequested({ userId, tenantId }: Principal): DomainEvent {
  return { ...about('email.change_requested', userId), tenantId };
}

/** `kept_session_id` is the session the change was asked for in: the only one that goes on. */
export function emailChanged(userId: UserId, keptSessionId: string | null, undone: boolean): DomainEvent {
  return { ...about(EMAIL_CHANGED, userId), details: { kept_session_id: keptSessionId, undone } };
}

export function emailChangeRefused(userId: UserId | null, reason: string): DomainEvent {
  return refused(EMAIL_CHANGED, userId, reason);
}

function about(type: string, userId: UserId | null): DomainEvent {
  const target = userId === null ? {} : { target: { type: 'user', id: userId } };
  return { type, outcome: 'success', userId, tenantId: null, ...target };
}

function requested(type: string, userId: UserId | null, isSent: boolean): DomainEvent {
  return { ...about(type, userId), outcome: isSent ? 'success' : 'failure', details: { mailed: isSent } };
}

function refused(type: string, userId: UserId | null, reason: string): DomainEvent {
  const details: EventDetails = { reason };
  return { ...about(type, userId), outcome: 'failure', details };
}
