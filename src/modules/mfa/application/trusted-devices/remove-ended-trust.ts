import { Injectable } from '@nestjs/common';
import { MfaSettings } from '../../../../platform/config/settings';
import { inBatches } from '../../../../platform/database/in-batches';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { TrustedDevices } from './trusted-devices.port';

const REMOVED_AT_ONCE = 500;

/** Forgets devices that are trusted no more. */
@Injectable()
export class RemoveEndedTrust {
  constructor(
    private readonly devices: TrustedDevices,
    private readonly work: UnitOfWork,
    private readonly settings: MfaSettings,
  ) {}

  /** Returns how many were forgotten. */
  execute(): Promise<number> {
    return inBatches(REMOVED_AT_ONCE, (size) =>
      this.work.run((now) => {
        const trustedSince = new Date(now.getTime() - this.settings.trustedDeviceSeconds * 1000);
        return this.devices.removeEnded(now, trustedSince, size);
      }),
    );
  }
}
