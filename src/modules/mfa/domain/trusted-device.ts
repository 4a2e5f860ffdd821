import type { TenantId, UserId } from '../../../kernel/ids';

/** Everything that is persisted, and nothing else. */
export type TrustedDeviceState = {
  readonly id: string;
  readonly userId: UserId;
  readonly tenantId: TenantId;
  /** SHA-256 of the token the device keeps. */
  readonly tokenHash: Uint8Array;
  /** The user's, when it was trusted. */
  readonly securityStamp: string;
  readonly name: string;
  /** Where it was when it was trusted, as far as that is known. */
  readonly ipAddress: string | null;
  readonly createdAt: Date;
  /** When it last spared its user something; null: never yet. */
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date;
};

export type NewTrustedDevice = Omit<TrustedDeviceState, 'createdAt' | 'lastUsedAt' | 'expiresAt'>;

/** Of one user in one tenant. One more, and the oldest is trusted no more. */
export const MOST_DEVICES = 20;
/** In characters (code points). */
export const DEVICE_NAME_MAX = 60;
/** Uses within so many seconds are one. */
const NOTED_EVERY_SECONDS = 60;

/** A device that is spared the second factor for a while, by one user in one tenant (NIST 800-63B-4, 5.1). */
export class TrustedDevice {
  private constructor(private state: TrustedDeviceState) {}

  static restore(state: TrustedDeviceState): TrustedDevice {
    return new TrustedDevice({ ...state });
  }

  /** `seconds`: how long it is trusted. Using it makes that no longer. */
  static trust(device: NewTrustedDevice, seconds: number, now: Date): TrustedDevice {
    const name = [...device.name].slice(0, DEVICE_NAME_MAX).join('');
    return new TrustedDevice({ ...device, name, createdAt: now, lastUsedAt: null, expiresAt: later(now, seconds) });
  }

  /**
   * Whether it is under this stamp, for a user who protects the account anew trusts nothing of before. `seconds` is how long
   * devices are trusted now, for those of a time when that was longer.
   */
  isTrusted(securityStamp: string, seconds: number, now: Date): boolean {
    return securityStamp === this.state.securityStamp && !this.isOver(seconds, now);
  }

  /** Whether its time is up, whatever the stamp. */
  isOver(seconds: number, now: Date): boolean {
    const { createdAt, expiresAt } = this.state;
    return now >= expiresAt || now >= later(createdAt, seconds);
  }

  /** Returns whether there is something to note: not for each of many uses. */
  use(now: Date): boolean {
    const { lastUsedAt } = this.state;
    if (lastUsedAt && now < later(lastUsedAt, NOTED_EVERY_SECONDS)) return false;
    this.state = { ...this.state, lastUsedAt: now };
    return true;
  }

  rename(name: string): void {
    this.state = { ...this.state, name };
  }

  snapshot(): TrustedDeviceState {
    return this.state;
  }
}

function later(instant: Date, seconds: number): Date {
  return new Date(instant.getTime() + seconds * 1000);
}
