import type { DomainEvent } from '../../platform/events/event-log';
import type { RevocationReason, SessionState } from './domain/session';

type Subject = Pick<DomainEvent, 'userId' | 'tenantId' | 'target'>;

const of = ({ id, userId, tenantId }: SessionState): Subject => ({ userId, tenantId, target: { type: 'session', id } });

export function tokenRefreshed(session: SessionState): DomainEvent {
  return {
    type: 'auth.token_refreshed',
    outcome: 'success',
    ...of(session),
    details: { generation: session.generation },
  };
}

/** The answer to the predecessor, within the grace: nothing changed. */
export function tokenRepeated(session: SessionState): DomainEvent {
  return {
    type: 'auth.token_repeated',
    outcome: 'success',
    ...of(session),
    details: { generation: session.generation },
  };
}

export function refreshRefused(session: SessionState, reason: string): DomainEvent {
  return { type: 'auth.token_refreshed', outcome: 'failure', ...of(session), details: { reason } };
}

/** A refresh token that was spent came back: somebody else has a copy. */
export function reuseDetected(session: SessionState): DomainEvent {
  return { type: 'auth.token_reuse_detected', outcome: 'failure', ...of(session), riskScore: 90 };
}

export function sessionRevoked(session: SessionState, reason: RevocationReason): DomainEvent {
  return { type: 'session.revoked', outcome: 'success', ...of(session), details: { reason } };
}

export function otherSessionsRevoked(cause: DomainEvent, count: number): DomainEvent {
  const { userId, tenantId } = cause;
  return {
    type: 'session.revoked',
    outcome: 'success',
    userId,
    tenantId,
    details: { reason: cause.type, sessions: count },
  };
}

export function signedOut(session: SessionState): DomainEvent {
  return { type: 'auth.logout', outcome: 'success', ...of(session) };
}

const ofKey = (kid: string, algorithm: string): Omit<DomainEvent, 'type'> => ({
  outcome: 'success',
  userId: null,
  tenantId: null,
  target: { type: 'signing_key', id: kid },
  details: { algorithm },
});

export function signingKeyMade(kid: string, algorithm: string): DomainEvent {
  return { type: 'signing_key.created', ...ofKey(kid, algorithm) };
}

/** A key of before is the current one again. */
export function signingKeyRestored(kid: string, algorithm: string): DomainEvent {
  return { type: 'signing_key.rotated', ...ofKey(kid, algorithm) };
}
