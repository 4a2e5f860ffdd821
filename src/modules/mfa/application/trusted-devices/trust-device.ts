import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { MfaSettings } from '../../../../platform/config/settings';
import { Random } from '../../../../platform/crypto/random';
import { sha256 } from '../../../../platform/crypto/sha256';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { deviceLabel } from '../../../../platform/network/user-agent';
import { MOST_DEVICES, TrustedDevice } from '../../domain/trusted-device';
import { deviceRevoked, deviceTrusted } from '../../mfa.events';
import { TrustedDevices } from './trusted-devices.port';

export type DeviceHolder = {
  readonly userId: UserId;
  readonly tenantId: TenantId;
  /** With another one the device is trusted no more. */
  readonly securityStamp: string;
};

/** Where a device is, as far as it is known. */
export type DeviceTraits = { readonly ipAddress: string | null; readonly userAgent: string | null };

export type KeptTokens = {
  /** What the device keeps from now on. */
  readonly token: string;
  /** What it kept until now, which is good for nothing more; null: nothing. */
  readonly formerToken: string | null;
};

/** A device that has shown a second factor is spared it for a while. */
@Injectable()
export class TrustDevice {
  constructor(
    private readonly devices: TrustedDevices,
    private readonly events: EventLog,
    private readonly random: Random,
    private readonly work: UnitOfWork,
    private readonly settings: MfaSettings,
  ) {}

  /**
   * It stays the device its user gave a name to, when it kept a token before; and it keeps but one, so where it was trusted in
   * other tenants it is by that one from now on, for no longer than before.
   */
  execute(holder: DeviceHolder, { token, formerToken }: KeptTokens, traits: DeviceTraits): Promise<void> {
    const { userId, tenantId, securityStamp } = holder;
    const tokenHash = sha256(token);
    const formerHash = formerToken === null ? null : sha256(formerToken);
    const hashes = formerHash === null ? [tokenHash] : [tokenHash, formerHash];
    return this.work.run(async (now) => {
      const [replaced] = await this.devices.removeByTokens(tenantId, userId, hashes);
      if (formerHash !== null) await this.devices.replaceToken(userId, formerHash, tokenHash);
      const device = TrustedDevice.trust(
        {
          id: this.random.uuid(now),
          userId,
          tenantId,
          tokenHash,
          securityStamp,
          name: replaced?.snapshot().name ?? deviceLabel(traits.userAgent),
          ipAddress: traits.ipAddress,
        },
        this.settings.trustedDeviceSeconds,
        now,
      );
      await this.devices.add(device);
      await this.events.append(deviceTrusted(device.snapshot()));
      await this.makeRoom(holder, now);
    });
  }

  private async makeRoom({ tenantId, userId, securityStamp }: DeviceHolder, now: Date): Promise<void> {
    const tooMany = await this.devices.removeOldest(tenantId, userId, MOST_DEVICES);
    for (const device of tooMany) {
      // Of one that was trusted no more there is nothing to tell.
      if (!device.isTrusted(securityStamp, this.settings.trustedDeviceSeconds, now)) continue;
      await this.events.append(deviceRevoked(device.snapshot(), 'too_many'));
    }
  }
}
