import type { TenantId, UserId } from '../../../../kernel/ids';
import type { ApiKeyState } from '../../domain/api-keys/api-key';
import type { ApiKeyId } from '../../domain/api-keys/api-key-id';

/** A key as others may know it: nothing in it opens anything. */
export type ApiKeyView = {
  readonly id: ApiKeyId;
  readonly ownerId: UserId;
  readonly name: string;
  readonly description: string | null;
  /** The beginning of the key. */
  readonly prefix: string;
  readonly permissions: readonly string[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** Addresses and networks from which alone it is good; none: from any. */
  readonly allowedIps: readonly string[];
  /** Some seconds late; null: never. */
  readonly lastUsedAt: Date | null;
  /** The key that took its place; null: none did. */
  readonly successorId: ApiKeyId | null;
};

export type ApiKeyPage = { readonly items: readonly ApiKeyView[]; readonly nextCursor: ApiKeyId | null };

export function viewOf(key: ApiKeyState): ApiKeyView {
  const { id, ownerId, name, description, prefix, permissions } = key;
  const { createdAt, expiresAt, allowedIps, lastUsedAt, successorId } = key;
  return {
    id,
    ownerId,
    name,
    description,
    prefix,
    permissions,
    createdAt,
    expiresAt,
    allowedIps,
    lastUsedAt,
    successorId,
  };
}

/** Reads of API keys. A revoked key is gone for readers; an expired one is still shown. */
export abstract class ApiKeyQueries {
  abstract find(tenantId: TenantId, id: ApiKeyId): Promise<ApiKeyView | null>;

  /** The tenant's keys in the order they were made, `limit` from behind `cursor` on. */
  abstract list(tenantId: TenantId, limit: number, cursor: ApiKeyId | null): Promise<ApiKeyPage>;
}
