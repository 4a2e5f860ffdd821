import type { TenantId, UserId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import type { DomainEvent } from '../../platform/events/event-log';
import type { CodeUse } from './domain/code-use';
import type { FactorType, SentMethod } from './domain/method';
import type { TrustedDeviceState } from './domain/trusted-device';

export const SETUP_BEGUN = 'mfa.setup_begun';
export const FACTOR_ENROLLED = 'mfa.enrolled';
/** Of one factor, or of all: by their user, by an administrator, or by what happened to the account. */
export const FACTOR_DISABLED = 'mfa.disabled';
export const FACTOR_STOPPED = 'mfa.factor_stopped';
export const CODES_PAUSED = 'mfa.codes_paused';
export const BACKUP_CODE_USED = 'mfa.backup_code_used';
export const BACKUP_CODES_RENEWED = 'mfa.backup_codes_renewed';

/** Why a factor was not confirmed. */
export type NotEnrolled = 'code_wrong' | 'too_many' | 'nothing_to_confirm';

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

/** A factor was to be confirmed, and was not. */
export function factorNotEnrolled(by: Principal, method: FactorType, reason: NotEnrolled): DomainEvent {
  return { type: FACTOR_ENROLLED, outcome: 'failure', ...mine(by), details: { method, reason } };
}

/** A factor is being set up. It proves nothing yet. `kept_session_id` is the session it is done in; no other ends. */
export function setupBegun(by: Principal, method: FactorType): DomainEvent {
  const details = { method, kept_session_id: by.sessionId };
  return { type: SETUP_BEGUN, outcome: 'success', ...mine(by), details };
}

/** `methods` are those that were taken away, `left` is how many factors there still are. `kept_session_id` as above. */
export function factorsDisabled(by: Principal, methods: readonly FactorType[], left: number): DomainEvent {
  const details = { reason: 'user', methods, factors: methods.length, left, kept_session_id: by.sessionId };
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
  return { type: FACTOR_STOPPED, outcome: 'success', ...about(userId), details };
}

/** After too many wrong codes none of the account is looked at for a while; the last of them was of that method. */
export function codesPaused(userId: UserId, method: string | null): DomainEvent {
  return { type: CODES_PAUSED, outcome: 'success', ...about(userId), details: { reason: 'guessed_at', method } };
}

/** `left` are those that are good after it. */
export function backupCodeUsed(userId: UserId, left: number): DomainEvent {
  return { type: BACKUP_CODE_USED, outcome: 'success', ...about(userId), details: { left } };
}

/** `kept_session_id` is the session they were asked for in; no other ends. */
export function backupCodesRenewed(by: Principal): DomainEvent {
  const details = { kept_session_id: by.sessionId };
  return { type: BACKUP_CODES_RENEWED, outcome: 'success', ...mine(by), details };
}

/** A code was asked for. `isSent`: whether it left, which nobody is told. Where to is not recorded. */
export function codeSent(
  {
    userId,
    tenantId,
    method,
    purpose,
  }: {
    readonly userId: UserId;
    readonly tenantId: TenantId | null;
    readonly method: SentMethod;
    readonly purpose: CodeUse['kind'];
  },
  isSent: boolean,
): DomainEvent {
  const details = { method, for: purpose, sent: isSent };
  return { type: 'mfa.code_sent', outcome: isSent ? 'success' : 'failure', ...about(userId), tenantId, details };
}

function about(userId: UserId): About {
  return { userId, tenantId: null, target: { type: 'user', id: userId } };
}

/** Neither what it is called, which its user may have chosen, nor its token. */
export function deviceTrusted(device: TrustedDeviceState): DomainEvent {
  const details = { expires_at: device.expiresAt.toISOString() };
  return { type: 'mfa.device_trusted', outcome: 'success', ...of(device), details };
}

/** What it is called now is its user's own affair. */
export function deviceRenamed(device: TrustedDeviceState): DomainEvent {
  return { type: 'mfa.device_renamed', outcome: 'success', ...of(device) };
}

/** By its user, or for there were too many. Those that end with their user's factors, roles or security stamp have no event of their own. */
export function deviceRevoked(device: TrustedDeviceState, reason: 'user' | 'too_many'): DomainEvent {
  return { type: 'mfa.device_revoked', outcome: 'success', ...of(device), details: { reason } };
}

function of({ id, userId, tenantId }: TrustedDeviceState): About {
  return { userId, tenantId, target: { type: 'trusted_device', id } };
}
