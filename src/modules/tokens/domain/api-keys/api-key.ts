import type { TenantId, UserId } from '../../../../kernel/ids';
import { later } from '../later';
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
  readonly successorId: ApiKeyId | null;
};

/** What may be changed of a key; what is left out stays. Never whom it acts for, nor for how long. */
export type ApiKeyChange = Partial<Pick<ApiKeyState, 'name' | 'description' | 'permissions' | 'allowedIps'>>;

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

  /** Returns the names of what is different from now on; none of a key that is revoked. */
  change(change: ApiKeyChange): readonly (keyof ApiKeyChange)[] {
    if (this.state.revokedAt) return [];
    const next = { ...this.state, ...change };
    const differing = CHANGEABLE.filter((field) => !isSame(this.state[field], next[field]));
    this.state = next;
    return differing;
  }

  /** Whether it may be used at all, from wherever it is. */
  isInForce(now: Date): boolean {
    return !this.state.revokedAt && now < this.state.expiresAt;
  }

  /** How many milliseconds it was made for. Asked before another takes its place. */
  get lifetimeMs(): number {
    return this.state.expiresAt.getTime() - this.state.createdAt.getTime();
  }

  /**
   * Another takes its place; both are good while they overlap, and this one never longer than it was made for. Returns
   * false of a key that is not in force, or that has a successor already.
   */
  giveWayTo(successor: ApiKeyId, overlapSeconds: number, now: Date): boolean {
    const { successorId, expiresAt, createdAt } = this.state;
    if (!this.isInForce(now) || successorId !== null) return false;
    const wanted = later(now, overlapSeconds);
    // The clocks of two replicas differ: nothing ends before it began.
    const ending = Math.max(createdAt.getTime(), Math.min(expiresAt.getTime(), wanted.getTime()));
    this.state = { ...this.state, successorId: successor, expiresAt: new Date(ending) };
    return true;
  }

  snapshot(): ApiKeyState {
    return this.state;
  }
}

const CHANGEABLE = ['name', 'description', 'permissions', 'allowedIps'] as const;

function isSame(one: ApiKeyState[keyof ApiKeyChange], other: ApiKeyState[keyof ApiKeyChange]): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((item, at) => item === other[at]);
}
