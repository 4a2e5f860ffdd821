import { Injectable } from '@nestjs/common';
import { MfaSettings } from '../../../platform/config/settings';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import type { RecordedEvent } from '../../../platform/events/event-subscriptions';
import { IdentityFacade } from '../../identity/identity.facade';
import { maskedAddress } from '../domain/masked-address';
import { Factors } from './factors.port';
import { SentCodes } from './sent-codes.port';

/**
 * Whoever reads a mailbox can set a new password. Were a code by mail enough beside it, one mailbox would be both factors: so
 * for a while after a reset by mail, or a change of address, it proves nothing, and the owner has time to be told.
 */
@Injectable()
export class EmailFactorHolds {
  constructor(
    private readonly factors: Factors,
    private readonly codes: SentCodes,
    private readonly identity: IdentityFacade,
    private readonly work: UnitOfWork,
    private readonly settings: MfaSettings,
  ) {}

  /** Within the unit of work of the event, which holds the user. Codes that were mailed before are worth nothing. */
  async onMailbox({ userId, outcome }: RecordedEvent): Promise<void> {
    if (outcome !== 'success' || userId === null) return;
    await this.work.run(async (now) => {
      await this.factors.take(userId);
      await this.codes.removeAllOf(userId, 'email');
      const factor = await this.factors.confirmedOne(userId, 'email');
      const user = factor && (await this.identity.users.find(userId));
      if (!user) return;
      factor.moveTo(maskedAddress(user.email));
      if (this.settings.emailHoldSeconds > 0) {
        factor.hold(new Date(now.getTime() + this.settings.emailHoldSeconds * 1000));
      }
      await this.factors.save(factor);
    });
  }
}
