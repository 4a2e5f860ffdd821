import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { OneTimeSecrets } from '../../../../platform/crypto/one-time-secrets';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EmailTaken } from '../../domain/errors';
import { MailedSecrets } from './mailed-secrets.port';

/**
 * Keeps an address for the account that had it, for as long as its owner may take the change back: who stole the account
 * must not register the address and stand in the way.
 */
@Injectable()
export class AddressHolds {
  constructor(
    private readonly secrets: MailedSecrets,
    private readonly oneTime: OneTimeSecrets,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * To be asked once the account with the address is stored: whoever gave it up meanwhile has been waited for then. Joins
   * the unit of work, which is lost when it throws EmailTaken.
   */
  async respect(address: string, user: UserId): Promise<void> {
    await this.work.run(async (now) => {
      if (await this.secrets.isHeld(this.oneTime.keyOf(address), user, now)) throw new EmailTaken();
    });
  }
}
