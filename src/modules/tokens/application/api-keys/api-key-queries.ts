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
};

export type ApiKeyPage = { readonly items: readonly ApiKeyView[]; readonly nextCursor: ApiKeyId | null };

export function viewOf(key: ApiKeyState): ApiKeyView {
  const { id, ownerId, name, description, prefix, permissions, createdAt, expiresAt } = key;
  return { id, ownerId, name, description, prefix, permissions, createdAt, expiresAt };
}

/** Reads of API keys. A revoked key is gone for readers; an expired one is still shown. */
export abstract class ApiKeyQueries {
  abstract find(tenantId: TenantId, id: ApiKeyId): Promise<ApiKeyView | null>;

  /** The tenant's keys in the order they were made, `limit` from behind `cursor` on. */
  abstract list(tenantId: TenantId, limit: number, cursor: ApiKeyId | null): Promise<ApiKeyPage>;
}
