import { Injectable } from '@nestjs/common';
import { MfaSettings } from '../../../../platform/config/settings';
import { sha256 } from '../../../../platform/crypto/sha256';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import type { DeviceHolder } from './trust-device';
import { TrustedDevices } from './trusted-devices.port';

/** Whether a device may be spared the second factor. */
@Injectable()
export class RecogniseDevice {
  constructor(
    private readonly devices: TrustedDevices,
    private readonly work: UnitOfWork,
    private readonly settings: MfaSettings,
  ) {}

  /** One hash and one statement for every token, whosever it is and whatever became of it. */
  execute({ userId, tenantId, securityStamp }: DeviceHolder, deviceToken: string | null): Promise<boolean> {
    if (deviceToken === null) return Promise.resolve(false);
    const tokenHash = sha256(deviceToken);
    return this.work.run(async (now) => {
      const device = await this.devices.takeByToken(tenantId, userId, tokenHash);
      if (!device?.isTrusted(securityStamp, this.settings.trustedDeviceSeconds, now)) return false;
      if (device.use(now)) await this.devices.save(device);
      return true;
    });
  }
}
