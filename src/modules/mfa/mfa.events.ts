import type { UserId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import type { DomainEvent } from '../../platform/events/event-log';
import type { FactorType } from './domain/method';
import type { TrustedDeviceState } from './domain/trusted-device';

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

/** Neither what it is called, which its user may have chosen, nor its token. */
export function deviceTrusted(device: TrustedDeviceState): DomainEvent {
  const details = { expires_at: device.expiresAt.toISOString() };
  return { type: 'mfa.device_trusted', outcome: 'success', ...of(device), details };
}

/** By its user, or for there were too many. Those that end with their user's factors or security stamp have no event of their own. */
export function deviceRevoked(device: TrustedDeviceState, reason: 'user' | 'too_many'): DomainEvent {
  return { type: 'mfa.device_revoked', outcome: 'success', ...of(device), details: { reason } };
}

function of({ id, userId, tenantId }: TrustedDeviceState): About {
  return { userId, tenantId, target: { type: 'trusted_device', id } };
}
