import type { UserId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import type { DomainEvent, EventSubject } from '../../platform/events/event-log';

export const EMAIL_CHANGE_REQUESTED = 'email.change_requested';
export const PASSWORD_RESET = 'password.reset';
export const EMAIL_VERIFIED = 'email.verified';
export const EMAIL_CHANGED = 'email.changed';

/** The owner of the mailbox of an account was there. */
export function emailVerified(userId: UserId): DomainEvent {
  return { type: EMAIL_VERIFIED, outcome: 'success', ...about(userId) };
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
  return { type: PASSWORD_RESET, outcome: 'success', ...about(userId), details: { first_proof: isFirstProof } };
}

export function passwordResetRefused(userId: UserId | null): DomainEvent {
  return refused(PASSWORD_RESET, userId, 'link_not_good');
}

/** `kept_session_id` is the session it was asked for in; no other ends. */
export function emailChangeRequested({ userId, tenantId, sessionId }: Principal): DomainEvent {
  const details = { kept_session_id: sessionId };
  return { type: EMAIL_CHANGE_REQUESTED, outcome: 'success', ...about(userId), tenantId, details };
}

/** `kept_session_id` is the session the change was asked for in: the only one that goes on. */
export function emailChanged(userId: UserId, keptSessionId: string | null, undone: boolean): DomainEvent {
  const details = { kept_session_id: keptSessionId, undone };
  return { type: EMAIL_CHANGED, outcome: 'success', ...about(userId), details };
}

export function emailChangeRefused(userId: UserId | null, reason: string): DomainEvent {
  return refused(EMAIL_CHANGED, userId, reason);
}

function about(userId: UserId | null): EventSubject {
  const target = userId === null ? {} : { target: { type: 'user', id: userId } };
  return { userId, tenantId: null, ...target };
}

type Request = 'email.verification_requested' | 'password.reset_requested';

function requested(type: Request, userId: UserId | null, isSent: boolean): DomainEvent {
  return { type, outcome: isSent ? 'success' : 'failure', ...about(userId), details: { mailed: isSent } };
}

type Proof = typeof PASSWORD_RESET | typeof EMAIL_VERIFIED | typeof EMAIL_CHANGED;

function refused(type: Proof, userId: UserId | null, reason: string): DomainEvent {
  return { type, outcome: 'failure', ...about(userId), details: { reason } };
}
