import type { TenantId, UserId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import type { DomainEvent } from '../../platform/events/event-log';
import type { Granted } from '../tokens/tokens.facade';
import type { ChallengeState } from './domain/challenge';
import type { Risk } from './domain/risk';

type SessionState = Granted['session'];

export function signedIn(
  { userId, tenantId, id, authenticationMethods }: SessionState,
  { score, signals }: Risk,
): DomainEvent {
  return {
    type: 'auth.login',
    outcome: 'success',
    userId,
    tenantId,
    target: { type: 'session', id },
    riskScore: score,
    details: { amr: authenticationMethods, risk: signals },
  };
}

/** The true reason, for the audit log alone. What was typed as a username is not recorded: it may be a password. */
export function signInRefused(userId: UserId | null, reason: string, { score, signals }: Risk): DomainEvent {
  const details = { reason, risk: signals };
  return { type: 'auth.login', outcome: 'failure', userId, tenantId: null, riskScore: score, details };
}

/** The first factor was right, and the second is asked for. `methods`: by what it may be shown. */
export function secondFactorAsked(
  userId: UserId,
  tenantId: TenantId,
  methods: readonly string[],
  { score, signals }: Risk,
): DomainEvent {
  const details = { methods, risk: signals };
  return { type: 'auth.mfa_challenged', outcome: 'success', userId, tenantId, riskScore: score, details };
}

/** The true reason, for the audit log alone. null: there is no such challenge. */
export function challengeFailed(challenge: ChallengeState | null, method: string, reason: string): DomainEvent {
  const { userId = null, tenantId = null } = challenge ?? {};
  return { type: 'mfa.challenge_failed', outcome: 'failure', userId, tenantId, details: { method, reason } };
}

/** A field that people do not see was filled in. */
export function honeypotHit(form: 'register' | 'login', { score, signals }: Risk): DomainEvent {
  return {
    type: 'auth.suspicious_activity',
    outcome: 'failure',
    userId: null,
    tenantId: null,
    riskScore: score,
    details: { reason: 'honeypot_hit', form, risk: signals },
  };
}

export function userRegistered(userId: UserId, tenantId: TenantId): DomainEvent {
  return { type: 'user.registered', outcome: 'success', userId, tenantId, target: { type: 'user', id: userId } };
}

export function registrationRefused(reason: string): DomainEvent {
  return { type: 'user.registered', outcome: 'failure', userId: null, tenantId: null, details: { reason } };
}

export function userCreated(userId: UserId, tenantId: TenantId, systemAdministrator: boolean): DomainEvent {
  return {
    type: 'user.created',
    outcome: 'success',
    userId,
    tenantId,
    target: { type: 'user', id: userId },
    details: { system_administrator: systemAdministrator },
  };
}

const stepUpOf = ({ userId, tenantId, sessionId }: Principal): Pick<DomainEvent, 'userId' | 'tenantId' | 'target'> => ({
  userId,
  tenantId,
  ...(sessionId !== null && { target: { type: 'session', id: sessionId } }),
});

/** The user of a session proved again who they are. */
export function steppedUp(by: Principal, methods: readonly string[]): DomainEvent {
  return { type: 'auth.step_up', outcome: 'success', ...stepUpOf(by), details: { amr: methods } };
}

export function stepUpRefused(by: Principal, reason: string): DomainEvent {
  return { type: 'auth.step_up', outcome: 'failure', ...stepUpOf(by), details: { reason } };
}
