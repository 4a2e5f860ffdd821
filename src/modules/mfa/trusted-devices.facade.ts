import { Injectable } from '@nestjs/common';
import { RecogniseDevice } from './application/trusted-devices/recognise-device';
import { type DeviceHolder, type DeviceTraits, TrustDevice } from './application/trusted-devices/trust-device';

export type { DeviceHolder, DeviceTraits };

/** Devices that are spared the second factor for a while, in one tenant by one user (MF-11). */
@Injectable()
export class TrustedDevicesFacade {
  constructor(
    private readonly recognising: RecogniseDevice,
    private readonly trusting: TrustDevice,
  ) {}

  /** Whether the device that shows this token is one. Within the caller's unit of work, in which its use is noted. */
  recognise(holder: DeviceHolder, deviceToken: string | null): Promise<boolean> {
    return this.recognising.execute(holder, deviceToken);
  }

  /**
   * The device that keeps this token has shown a second factor and is trusted from now on. Within the unit of work of that,
   * which holds the user. `formerToken` is what it showed until now: as it keeps that no more, nothing is trusted by it, and
   * whatever was, in other tenants, is by the new one.
   */
  trust(
    holder: DeviceHolder,
    deviceToken: string,
    traits: DeviceTraits,
    formerToken: string | null = null,
  ): Promise<void> {
    return this.trusting.execute(holder, { token: deviceToken, formerToken }, traits);
  }
}
