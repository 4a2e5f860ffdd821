import { Injectable } from '@nestjs/common';
import { LockoutSettings } from '../../../../platform/config/settings';
import { networkOf } from '../../../../platform/network/address';
import { Clock } from '../../../../platform/time/clock';
import { deviceSource, type GuessSource, networkSource } from '../../domain/lockout/guess-source';
import { type DeviceOwner, KnownDevices } from './known-devices.port';

/** Where a sign-in comes from. */
export type SignInOrigin = {
  /** In its canonical spelling. */
  readonly ipAddress: string | null;
  /** What a device that has signed in before keeps. */
  readonly deviceToken: string | null;
};

/** Tells a device that has signed in to an account from a network nobody knows. */
@Injectable()
export class GuessSources {
  constructor(
    private readonly devices: KnownDevices,
    private readonly clock: Clock,
    private readonly settings: LockoutSettings,
  ) {}

  ofSignIn(
    user: DeviceOwner | undefined,
    { ipAddress, deviceToken }: SignInOrigin,
  ): { readonly source: GuessSource; readonly deviceId: string | null } {
    const known = user && deviceToken !== null ? this.devices.recognise(deviceToken, user, this.clock.now()) : null;
    const source = known === null ? networkSource(networkOf(ipAddress), this.settings.scope) : deviceSource(known);
    return { source, deviceId: known };
  }
}
