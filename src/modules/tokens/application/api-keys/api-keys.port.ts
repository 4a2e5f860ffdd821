import type { TenantId, UserId } from '../../../../kernel/ids';
import type { ApiKey } from '../../domain/api-keys/api-key';
import type { ApiKeyId } from '../../domain/api-keys/api-key-id';

/** The store of API keys. */
export abstract class ApiKeys {
  abstract add(key: ApiKey): Promise<void>;
  abstract save(key: ApiKey): Promise<void>;

  /** null unless the key belongs to that tenant. Holds the row until the unit of work ends. */
  abstract takeIn(tenantId: TenantId, id: ApiKeyId): Promise<ApiKey | null>;

  /** Of whichever tenant: for operators alone. Holds the row likewise. */
  abstract take(id: ApiKeyId): Promise<ApiKey | null>;

  /** Forgets all keys of an owner. */
  abstract removeAllOf(owner: UserId): Promise<void>;

  /** Forgets all keys of a tenant. */
  abstract removeAllIn(tenantId: TenantId): Promise<void>;

  /** Revokes every key of a tenant. Returns how many were not revoked before. */
  abstract revokeAllIn(tenantId: TenantId, at: Date): Promise<number>;

  /** Revokes every key that acts for the owner in that tenant; null: in any. Returns how many were not revoked before. */
  abstract revokeAllOf(owner: UserId, tenantId: TenantId | null, at: Date): Promise<number>;
}
