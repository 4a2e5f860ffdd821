import type { TenantId, UserId } from '../../kernel/ids';
import type { DomainEvent } from '../../platform/events/event-log';
import type { ApiKeyState } from './domain/api-keys/api-key';

const of = ({ id, ownerId, tenantId }: ApiKeyState): Pick<DomainEvent, 'userId' | 'tenantId' | 'target'> => ({
  userId: ownerId,
  tenantId,
  target: { type: 'api_key', id },
});

/** The name is its owner's, in the key, which does not last as long as the log. */
export function apiKeyCreated(key: ApiKeyState): DomainEvent {
  const { permissions, expiresAt } = key;
  const details = { permissions, expires_at: expiresAt.toISOString() };
  return { type: 'api_key.created', outcome: 'success', ...of(key), details };
}

/** Somebody asked for a key that could do what its owner may not. */
export function apiKeyRefused(
  { ownerId, tenantId }: { readonly ownerId: UserId; readonly tenantId: TenantId },
  missing: readonly string[],
): DomainEvent {
  const details = { reason: 'beyond_own_permissions', permissions: missing };
  return { type: 'api_key.created', outcome: 'failure', userId: ownerId, tenantId, details };
}

/** The tenant has as many keys as it may. */
export function apiKeyBeyondQuota({
  ownerId,
  tenantId,
}: {
  readonly ownerId: UserId;
  readonly tenantId: TenantId;
}): DomainEvent {
  const details = { reason: 'quota_exceeded' };
  return { type: 'api_key.created', outcome: 'failure', userId: ownerId, tenantId, details };
}

export type KeysRevocationReason = 'user_deleted' | 'password_reset' | 'email_verified' | 'email_change_undone';

/** Many at once, with the membership or the account they acted for, or the password of one: told once, with their number. */
export function apiKeysRevoked(
  { userId, tenantId }: Pick<DomainEvent, 'userId' | 'tenantId'>,
  reason: KeysRevocationReason,
  keys: number,
): DomainEvent {
  return { type: 'api_key.revoked', outcome: 'success', userId, tenantId, details: { reason, keys } };
}

/** @param by the user who revoked it, who need not be its owner; null: an operator at the command line */
export function apiKeyRevoked(key: ApiKeyState, by: UserId | null): DomainEvent {
  return { type: 'api_key.revoked', outcome: 'success', ...of(key), details: { revoked_by: by } };
}
