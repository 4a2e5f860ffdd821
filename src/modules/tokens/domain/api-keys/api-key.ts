import type { TenantId, UserId } from '../../../../kernel/ids';
import type { ApiKeyId } from './api-key-id';

/** Everything that is persisted, and nothing else. */
export type ApiKeyState = {
  readonly id: ApiKeyId;
  readonly tenantId: TenantId;
  /** The user it acts for: it may never do more than they may. */
  readonly ownerId: UserId;
  readonly name: string;
  readonly description: string | null;
  /** The beginning of the key, which may be shown. */
  readonly prefix: string;
  /** 32 bytes that the key gives and that do not give the key. */
  readonly secretHash: Uint8Array;
  /** The most it may do; at least one. */
  readonly permissions: string[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  /** Addresses and networks in CIDR notation from which it is good; none: from any. */
  readonly allowedIps: string[];
  /** Some seconds late; null: never. */
  readonly lastUsedAt: Date | null;
  /** The key that took its place; null: none did. */
  readonly successorId: string | null;
};

export type NewApiKey = Omit<ApiKeyState, 'createdAt' | 'revokedAt' | 'lastUsedAt' | 'successorId'>;

/** A credential of a program that acts for a user, until it expires or is revoked. */
export class ApiKey {
  private constructor(private state: ApiKeyState) {}

  static restore(state: ApiKeyState): ApiKey {
    return new ApiKey({ ...state });
  }

  static mint(key: NewApiKey, now: Date): ApiKey {
    return new ApiKey({ ...key, createdAt: now, revokedAt: null, lastUsedAt: null, successorId: null });
  }

  /** Returns whether the key had not been revoked until now. */
  revoke(now: Date): boolean {
    if (this.state.revokedAt) return false;
    this.state = { ...this.state, revokedAt: now };
    return true;
  }

  snapshot(): ApiKeyState {
    return this.state;
  }
}
