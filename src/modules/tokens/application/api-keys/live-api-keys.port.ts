import type { TenantId, UserId } from '../../../../kernel/ids';
import type { ApiKeyId } from '../../domain/api-keys/api-key-id';

/** A key in force, with what it may do at most and what its owner may do now. */
export type LiveApiKey = {
  readonly id: ApiKeyId;
  readonly ownerId: UserId;
  readonly tenantId: TenantId;
  readonly permissions: readonly string[];
  readonly ownerPermissions: readonly string[];
  /** Addresses and networks from which alone it is good; none: from any. */
  readonly allowedIps: readonly string[];
  /** From where alone the tenant is used, whoever owns the key; none: from anywhere. */
  readonly networks: readonly string[];
};

/** What a presented key is worth at this moment. */
export abstract class LiveApiKeys {
  /** null unless key, owner, tenant and membership are all in force at `now`. */
  abstract find(secretHash: Uint8Array, now: Date): Promise<LiveApiKey | null>;
}
