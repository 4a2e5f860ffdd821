import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../kernel/ids';

export type DeviceHolder = {
  readonly userId: UserId;
  readonly tenantId: TenantId;
  /** With another one the device is trusted no more. */
  readonly securityStamp: string;
};

/** Where a device is, as far as it is known. */
export type DeviceTraits = { readonly ipAddress: string | null; readonly userAgent: string | null };

/** Devices that are spared the second factor for a while, in one tenant by one user (MF-11). */
@Injectable()
export class TrustedDevicesFacade {
  /** Whether the device that shows this token is one. Within the caller's unit of work, in which its use is noted. */
  recognise(_holder: DeviceHolder, _deviceToken: string | null): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** The device that keeps this token has shown a second factor and is trusted from now on. Within the unit of work of that. */
  trust(_holder: DeviceHolder, _deviceToken: string, _traits: DeviceTraits): Promise<void> {
    return Promise.resolve();
  }
}
