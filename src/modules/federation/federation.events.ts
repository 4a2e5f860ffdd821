import type { UserId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import type { DomainEvent } from '../../platform/events/event-log';

export const IDENTITY_LINKED = 'oauth.linked';
export const IDENTITY_UNLINKED = 'oauth.unlinked';

/** Why an identity was linked: its user asked for it, or by its address, or with the account that it made or took back. */
export type LinkReason = 'user' | 'address' | 'registered' | 'reclaimed';

type About = Pick<DomainEvent, 'userId' | 'tenantId' | 'target'>;

/** `firstProof`: nobody had shown before that the mailbox of the account is theirs. */
export function loginAnswered(provider: string, userId: UserId, firstProof: boolean): DomainEvent {
  const details = { provider, first_proof: firstProof };
  return { type: 'oauth.login', outcome: 'success', ...about(userId), details };
}

/** The true reason, for the audit log alone. Whoever it may have been is nobody here. */
export function loginRefused(provider: string, reason: string): DomainEvent {
  return { type: 'oauth.login', outcome: 'failure', userId: null, tenantId: null, details: { provider, reason } };
}

export function identityLinked(provider: string, userId: UserId, reason: LinkReason): DomainEvent {
  const details = { provider, automatic: reason !== 'user', reason };
  return { type: IDENTITY_LINKED, outcome: 'success', ...about(userId), details };
}

export function identityNotLinked(provider: string, userId: UserId, reason: string): DomainEvent {
  return { type: IDENTITY_LINKED, outcome: 'failure', ...about(userId), details: { provider, reason } };
}

/** By its user. `kept_session_id` is the session it was done in, the only one that goes on. */
export function identityUnlinked(by: Principal, provider: string): DomainEvent {
  const details = { provider, reason: 'user', kept_session_id: by.sessionId };
  return { type: IDENTITY_UNLINKED, outcome: 'success', ...of(by), details };
}

export function identityKept(by: Principal, provider: string, reason: string): DomainEvent {
  return { type: IDENTITY_UNLINKED, outcome: 'failure', ...of(by), details: { provider, reason } };
}

/** With what was done to the account before its owner showed. */
export function identityReclaimed(userId: UserId, provider: string): DomainEvent {
  const details = { provider, reason: 'first_proof' };
  return { type: IDENTITY_UNLINKED, outcome: 'success', ...about(userId), details };
}

export function tokensRead(by: Principal, provider: string): DomainEvent {
  return { type: 'oauth.tokens_read', outcome: 'success', ...of(by), details: { provider } };
}

function about(userId: UserId): About {
  return { userId, tenantId: null, target: { type: 'user', id: userId } };
}

function of({ userId, tenantId }: Principal): About {
  return { userId, tenantId, target: { type: 'user', id: userId } };
}
