import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import type { FactorType } from '../../domain/method';
import { TextMessages } from '../../../../platform/sms/text-messages';
import { BackupCodes } from '../backup-codes.port';
import { Factors } from '../factors.port';
import { SentCodes } from '../sent-codes.port';
import { TrustedDevices } from '../trusted-devices/trusted-devices.port';

/**
 * Takes away all there is of somebody's second factors, and what stands in for them: backup codes, codes that were sent,
 * trusted devices. Within the unit of work that holds them.
 */
@Injectable()
export class ClearFactors {
  constructor(
    private readonly factors: Factors,
    private readonly backupCodes: BackupCodes,
    private readonly sentCodes: SentCodes,
    private readonly devices: TrustedDevices,
    private readonly texts: TextMessages,
  ) {}

  /** Returns the kinds of those that were confirmed. */
  async execute(user: UserId): Promise<readonly FactorType[]> {
    await this.forgetMessages(user);
    await this.backupCodes.removeAll(user);
    await this.sentCodes.removeAllOf(user);
    await this.devices.removeAllOf(user);
    return this.factors.removeAll(user);
  }

  /**
   * The number is in nothing else: once the factor is gone, nobody finds what was sent to it. One that was never confirmed may
   * be a stranger's, and their messages are theirs.
   */
  private async forgetMessages(user: UserId): Promise<void> {
    for (const number of await this.factors.numbersOf(user)) await this.texts.forget(number);
  }
}
