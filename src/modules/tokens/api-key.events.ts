import type { TenantId, UserId } from '../../kernel/ids';
import type { DomainEvent } from '../../platform/events/event-log';
import type { ApiKeyChange, ApiKeyState } from './domain/api-keys/api-key';
import type { ApiKeyId } from './domain/api-keys/api-key-id';

type Whose = Pick<ApiKeyState, 'id' | 'ownerId' | 'tenantId'>;

const of = ({ id, ownerId, tenantId }: Whose): Pick<DomainEvent, 'userId' | 'tenantId' | 'target'> => ({
  userId: ownerId,
  tenantId,
  target: { type: 'api_key', id },
});

/** The name and the networks, one of which may be a person's home, are in the key, which does not last as long as the log. */
export function apiKeyCreated(key: ApiKeyState): DomainEvent {
  const { permissions, expiresAt, allowedIps } = key;
  const details = { permissions, expires_at: expiresAt.toISOString(), networks: allowedIps.length };
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

const FIELDS = {
  name: 'name',
  description: 'description',
  permissions: 'permissions',
  allowedIps: 'allowed_ips',
} as const;

/** Names and descriptions are their owner's; what a key may do, and from how many networks, is for the record. */
export function apiKeyUpdated(key: ApiKeyState, by: UserId, changed: readonly (keyof ApiKeyChange)[]): DomainEvent {
  const details = {
    changed_by: by,
    fields: changed.map((field) => FIELDS[field]),
    ...(changed.includes('permissions') && { permissions: key.permissions }),
    ...(changed.includes('allowedIps') && { networks: key.allowedIps.length }),
  };
  return { type: 'api_key.updated', outcome: 'success', ...of(key), details };
}

/** Another took its place; both are good until it expires. */
export function apiKeyRotated(key: ApiKeyState, successor: ApiKeyId): DomainEvent {
  const details = { successor, expires_at: key.expiresAt.toISOString() };
  return { type: 'api_key.rotated', outcome: 'success', ...of(key), details };
}

/** For the first time on a day. */
export function apiKeyUsed(key: Whose): DomainEvent {
  return { type: 'api_key.used', outcome: 'success', ...of(key) };
}

/** A key in force came from where it is not good. */
export function apiKeyUseDenied(key: Whose): DomainEvent {
  return { type: 'access.denied', outcome: 'failure', ...of(key), details: { reason: 'address_not_allowed' } };
}

/** Why somebody may not do to a key what they wanted. */
export type ApiKeyRefusal = 'above_own_rights' | 'beyond_own_permissions' | 'beyond_owners_permissions' | 'not_own_key';

/** @param by whoever wanted it, who need not be its owner */
export function apiKeyActRefused(
  key: Whose,
  by: UserId,
  reason: ApiKeyRefusal,
  missing: readonly string[],
): DomainEvent {
  const details = { reason, permissions: missing };
  return { type: 'access.denied', outcome: 'failure', ...of(key), userId: by, details };
}

export type KeysRevocationReason =
  'user_deleted' | 'password_reset' | 'email_verified' | 'account_reclaimed' | 'email_change_undone' | 'tenant_deleted';

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
