import type { UserId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import type { DomainEvent } from '../../platform/events/event-log';
import type { FactorType } from './domain/method';

export const FACTOR_ENROLLED = 'mfa.enrolled';
/** Of one factor, or of all: by their user, by an administrator, or by what happened to the account. */
export const FACTOR_DISABLED = 'mfa.disabled';

type About = Pick<DomainEvent, 'userId' | 'tenantId' | 'target'>;

const mine = ({ userId, tenantId }: Principal): About => ({
  userId,
  tenantId,
  target: { type: 'user', id: userId },
});

/**
 * `kept_session_id` is the session it was done in, the only one that goes on; it has shown the new factor by `amr`
 * (RFC 8176).
 */
export function factorEnrolled(
  by: Principal,
  method: FactorType,
  amr: readonly string[],
  replaced: boolean,
): DomainEvent {
  const details = { method, amr, replaced, kept_session_id: by.sessionId };
  return { type: FACTOR_ENROLLED, outcome: 'success', ...mine(by), details };
}

/** `methods` are those that were taken away. `kept_session_id` as above. */
export function factorsDisabled(by: Principal, methods: readonly FactorType[]): DomainEvent {
  const details = { reason: 'user', methods, factors: methods.length, kept_session_id: by.sessionId };
  return { type: FACTOR_DISABLED, outcome: 'success', ...mine(by), details };
}

/** They were asked to be taken away, and stayed. */
export function factorsKept(by: Principal, reason: string): DomainEvent {
  return { type: FACTOR_DISABLED, outcome: 'failure', ...mine(by), details: { reason } };
}

/** The owner of the mailbox showed for the first time: factors of before that were somebody else's, for all we know. */
export function factorsReclaimed(userId: UserId, methods: readonly FactorType[]): DomainEvent {
  const details = { reason: 'first_proof', methods, factors: methods.length, kept_session_id: null };
  const target = { type: 'user', id: userId };
  return { type: FACTOR_DISABLED, outcome: 'success', userId, tenantId: null, target, details };
}

/** Wrong codes ended a kind of factor, until it is set up anew. */
export function factorStopped(userId: UserId, method: string, failures: number): DomainEvent {
  const details = { reason: 'guessed_at', method, failures };
  return {
    type: 'mfa.factor_stopped',
    outcome: 'success',
    userId,
    tenantId: null,
    target: { type: 'user', id: userId },
    details,
  };
}
