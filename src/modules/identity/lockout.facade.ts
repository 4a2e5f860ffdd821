import { Injectable } from '@nestjs/common';
import type { UserId } from '../../kernel/ids';
import { Clock } from '../../platform/time/clock';
import { type DeviceOwner, KnownDevices } from './application/lockout/known-devices.port';
import { LockoutAdministration, type LockoutView, type Unlocker } from './application/lockout/lockout-administration';
import type { Attempt, AttemptOutcome } from './application/lockout/password-attempts';
import { PasswordChecks } from './application/passwords/password-checks';
import { SettleAttempt } from './application/lockout/settle-attempt';

export type { Attempt, AttemptOutcome, DeviceOwner, LockoutView, Unlocker };

/** All that the rest of the system may ask about wrong passwords, and about devices that are spared their consequences. */
@Injectable()
export class LockoutFacade {
  constructor(
    private readonly settling: SettleAttempt,
    private readonly checks: PasswordChecks,
    private readonly administration: LockoutAdministration,
    private readonly devices: KnownDevices,
    private readonly clock: Clock,
  ) {}

  /** What became of a password, within the unit of work of what it led to. */
  settle(attempt: Attempt, outcome: AttemptOutcome): Promise<void> {
    return this.settling.execute(attempt, outcome);
  }

  /** What is done before an attempt is settled, the settling included. When it throws, there was no attempt. */
  orAbandon<T>(attempt: Attempt, work: () => Promise<T>): Promise<T> {
    return this.settling.orAbandon(attempt, work);
  }

  /** As much work as a comparison, for what is refused whatever the password is. Throws Overloaded. */
  pretendToVerify(password: string): Promise<void> {
    return this.checks.pretend(password);
  }

  /** Who has to wait to sign in to an account. */
  of(user: UserId): Promise<LockoutView> {
    return this.administration.of(user);
  }

  /** Lets everybody try again who was kept out as a stranger; `by` whom, for the record. */
  unlock(user: UserId, by: Unlocker | null): Promise<void> {
    return this.administration.unlock(user, by);
  }

  /** As `unlock`, for whoever puts it on record themselves. */
  async clear(user: UserId): Promise<void> {
    await this.administration.clear(user);
  }

  /** The token by which a device that has just signed in is known from now on; the same device, when it had one. */
  issueDeviceToken(owner: DeviceOwner, login: string, deviceId: string | null): string {
    return this.devices.issue(owner, login, deviceId, this.clock.now());
  }

  /** Whether a device that shows the token has signed in by that name; looks nobody up. */
  isDeviceThatSignedInAs(login: string, deviceToken: string): boolean {
    return this.devices.recogniseByName(deviceToken, login, this.clock.now()) !== null;
  }
}
