import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { masked } from '../../domain/email-address';
import { EmailTaken, LinkNotGood } from '../../domain/errors';
import type { MailedSecretState } from '../../domain/mailbox/mailed-secret';
import { emailChanged, emailChangeRefused } from '../../mailbox.events';
import { ChangeMails } from './change-mails';
import { type MailboxProof, RedeemSecret } from './redeem-secret';
import { TakeUpAddress, type TakingUp } from './take-up-address';

type Occasion = { readonly at: string; readonly address: string | null };

/** Gives an account the address that was asked for, now that it is proven. The former one is told, and can undo it. */
@Injectable()
export class ConfirmEmailChange {
  constructor(
    private readonly redeeming: RedeemSecret,
    private readonly addresses: TakeUpAddress,
    private readonly mails: ChangeMails,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /**
   * Throws LinkNotGood, where a tenant of the user does not take the address in too, or EmailTaken when somebody else
   * got it meanwhile.
   */
  async execute(proof: MailboxProof, ipAddress: string | null): Promise<void> {
    const secret = await this.redeeming.find('email_change', proof);
    const user = secret?.userId ?? null;
    const occasion = (now: Date): Occasion => ({ at: now.toISOString(), address: ipAddress });
    let outcome: TakingUp = 'link_not_good';
    try {
      if (secret && user !== null) outcome = await this.work.run((now) => this.change(secret, user, occasion(now)));
    } catch (error) {
      // Recorded after what was rolled back.
      if (error instanceof EmailTaken) await this.refused(user, 'email_taken');
      throw error;
    }
    if (outcome === 'changed') return;
    await this.refused(user, outcome);
    throw new LinkNotGood();
  }

  private async change(secret: MailedSecretState, user: UserId, occasion: Occasion): Promise<TakingUp> {
    const { address, sessionId } = secret;
    const before = address === null ? null : await this.redeeming.use(secret);
    if (!before || address === null) return 'link_not_good';
    const outcome = await this.addresses.execute(user, address);
    if (outcome !== 'changed') return outcome;
    await this.events.append(emailChanged(user, sessionId, false));
    await this.mails.changed(before, { ...occasion, newAddress: masked(address) });
    return outcome;
  }

  private refused(user: UserId | null, reason: string): Promise<void> {
    return this.work.run(() => this.events.append(emailChangeRefused(user, reason)));
  }
}
