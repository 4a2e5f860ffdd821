import type { TenantId, UserId } from '../../../../kernel/ids';
import type { TrustedDevice } from '../../domain/trusted-device';

export abstract class TrustedDevices {
  abstract add(device: TrustedDevice): Promise<void>;

  /** Its name, and when it was used. */
  abstract save(device: TrustedDevice): Promise<void>;

  /** By the hash of the token it shows; null unless it is that user's in that tenant. Holds the row. */
  abstract takeByToken(tenantId: TenantId, userId: UserId, tokenHash: Uint8Array): Promise<TrustedDevice | null>;

  /** null unless it is that user's in that tenant, and under the stamp the user has now. Holds the row. */
  abstract take(tenantId: TenantId, userId: UserId, id: string): Promise<TrustedDevice | null>;

  abstract remove(id: string): Promise<void>;

  /** Those of that user in that tenant that show one of these tokens. Returns them. */
  abstract removeByTokens(
    tenantId: TenantId,
    userId: UserId,
    tokenHashes: readonly Uint8Array[],
  ): Promise<readonly TrustedDevice[]>;

  /** Those of that user, in whichever tenant, that show one token show the other from now on. */
  abstract replaceToken(userId: UserId, former: Uint8Array, next: Uint8Array): Promise<void>;

  /** All of that user in that tenant but the newest so many. Returns those that were too many. */
  abstract removeOldest(tenantId: TenantId, userId: UserId, kept: number): Promise<readonly TrustedDevice[]>;

  /** Of a user, in every tenant. Returns how many there were. */
  abstract removeAllOf(userId: UserId): Promise<number>;

  /** Of a user in one tenant. */
  abstract removeAllIn(tenantId: TenantId, userId: UserId): Promise<void>;

  /**
   * At most `limit` of those that were trusted until `now` or before, since `trustedSince` or before, or under another stamp
   * than their user has now. Waits for nobody. Returns how many were removed.
   */
  abstract removeEnded(now: Date, trustedSince: Date, limit: number): Promise<number>;
}
