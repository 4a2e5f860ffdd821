import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { MfaSettings } from '../../../../platform/config/settings';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import type { TrustedDevice } from '../../domain/trusted-device';
import { deviceRenamed, deviceRevoked } from '../../mfa.events';
import { TrustedDevices } from './trusted-devices.port';

/**
 * What users do to their devices in the active tenant. One that is somebody else's, another tenant's, or trusted no more is
 * as good as none.
 */
@Injectable()
export class OwnTrustedDevices {
  constructor(
    private readonly devices: TrustedDevices,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
    private readonly settings: MfaSettings,
  ) {}

  /** Throws NotFound. */
  async rename(by: Principal, id: string, name: string): Promise<void> {
    const renamed = await this.work.run(async (now) => {
      const device = await this.take(by, id, now);
      if (!device) return false;
      device.rename(name);
      await this.devices.save(device);
      await this.events.append(deviceRenamed(device.snapshot()));
      return true;
    });
    if (!renamed) throw new NotFound();
  }

  /** From then on it is asked for the second factor. Throws NotFound. */
  async revoke(by: Principal, id: string): Promise<void> {
    const revoked = await this.work.run(async (now) => {
      const device = await this.take(by, id, now);
      if (!device) return false;
      await this.devices.remove(id);
      await this.events.append(deviceRevoked(device.snapshot(), 'user'));
      return true;
    });
    if (!revoked) throw new NotFound();
  }

  private async take({ tenantId, userId }: Principal, id: string, now: Date): Promise<TrustedDevice | null> {
    const device = await this.devices.take(tenantId, userId, id);
    return device?.isOver(this.settings.trustedDeviceSeconds, now) === false ? device : null;
  }
}
