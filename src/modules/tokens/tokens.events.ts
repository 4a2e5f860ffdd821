import type { TenantId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import type { DomainEvent } from '../../platform/events/event-log';
import type { RevocationReason, SessionState } from './domain/session';

type Subject = Pick<DomainEvent, 'userId' | 'tenantId' | 'target'>;

const REUSE_RISK = 90;
const NEW_DEVICE_RISK = 50;
const REFUSED_DEVICE_RISK = 70;

const of = ({ id, userId, tenantId }: SessionState): Subject => ({ userId, tenantId, target: { type: 'session', id } });

export function tokenRefreshed(session: SessionState): DomainEvent {
  const details = { generation: session.generation };
  return { type: 'auth.token_refreshed', outcome: 'success', ...of(session), details };
}

/** The answer to the predecessor, within the grace: nothing changed. */
export function tokenRepeated(session: SessionState): DomainEvent {
  const details = { generation: session.generation };
  return { type: 'auth.token_repeated', outcome: 'success', ...of(session), details };
}

export function refreshRefused(session: SessionState, reason: string): DomainEvent {
  return { type: 'auth.token_refreshed', outcome: 'failure', ...of(session), details: { reason } };
}

/** A session is used by what looks like another device. Refused or not, that is for the tenant to say. */
export function usedOnNewDevice(session: SessionState, outcome: 'success' | 'failure'): DomainEvent {
  return {
    type: 'auth.suspicious_activity',
    outcome,
    ...of(session),
    riskScore: outcome === 'success' ? NEW_DEVICE_RISK : REFUSED_DEVICE_RISK,
    details: { reason: 'new_device' },
  };
}

/** A refresh token that was spent came back: somebody else has a copy. */
export function reuseDetected(session: SessionState): DomainEvent {
  return { type: 'auth.token_reuse_detected', outcome: 'failure', ...of(session), riskScore: REUSE_RISK };
}

export function tenantSwitched(session: SessionState, from: TenantId): DomainEvent {
  return { type: 'auth.tenant_switched', outcome: 'success', ...of(session), details: { from } };
}

export function tenantSwitchRefused({ userId, tenantId }: Principal, reason: string): DomainEvent {
  const isOtherDevice = reason === 'new_device';
  return {
    type: 'auth.tenant_switched',
    outcome: 'failure',
    userId,
    tenantId,
    ...(isOtherDevice && { riskScore: REFUSED_DEVICE_RISK }),
    details: { reason },
  };
}

export function sessionRevoked(session: SessionState, reason: RevocationReason): DomainEvent {
  return { type: 'session.revoked', outcome: 'success', ...of(session), details: { reason } };
}

/** Many at once: told once, with their number. */
export function otherSessionsRevoked(
  { userId, tenantId }: Pick<DomainEvent, 'userId' | 'tenantId'>,
  reason: RevocationReason,
  count: number,
): DomainEvent {
  return { type: 'session.revoked', outcome: 'success', userId, tenantId, details: { reason, sessions: count } };
}

export function signedOut(session: SessionState): DomainEvent {
  return { type: 'auth.logout', outcome: 'success', ...of(session) };
}
