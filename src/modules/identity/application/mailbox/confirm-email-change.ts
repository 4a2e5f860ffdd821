import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { masked } from '../../domain/email-address';
import { EmailTaken, LinkNotGood } from '../../domain/errors';
import type { MailedSecretState } from '../../domain/mailbox/mailed-secret';
import { emailChanged, emailChangeRefused } from '../../mailbox.events';
import { ChangeAddress } from './change-address';
import { ChangeMails } from './change-mails';
import { type MailboxProof, RedeemSecret } from './redeem-secret';

type Occasion = { readonly at: string; readonly address: string | null };

/** Gives an account the address that was asked for, now that it is proven. The former one is told, and can undo it. */
@Injectable()
export class ConfirmEmailChange {
  constructor(
    private readonly redeeming: RedeemSecret,
    private readonly addresses: ChangeAddress,
    private readonly mails: ChangeMails,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /** Throws LinkNotGood, or EmailTaken when somebody else got the address meanwhile. */
  async execute(proof: MailboxProof, ipAddress: string | null): Promise<void> {
    const secret = await this.redeeming.find('email_change', proof);
    const user = secret?.userId ?? null;
    const occasion = (now: Date): Occasion => ({ at: now.toISOString(), address: ipAddress });
    try {
      const isChanged =
        secret && user !== null && (await this.work.run((now) => this.change(secret, user, occasion(now))));
      if (isChanged !== true) throw new LinkNotGood();
    } catch (error) {
      // Recorded after what was rolled back.
      if (error instanceof LinkNotGood) await this.refused(user, 'link_not_good');
      if (error instanceof EmailTaken) await this.refused(user, 'email_taken');
      throw error;
    }
  }

  private async change(secret: MailedSecretState, user: UserId, occasion: Occasion): Promise<boolean> {
    const { address, sessionId } = secret;
    if (address === null) return false;
    const before = await this.redeeming.use(secret);
    if (!before || !(await this.addresses.execute(user, address))) return false;
    await this.events.append(emailChanged(user, sessionId, false));
    await this.mails.changed(before, { ...occasion, newAddress: masked(address) });
    return true;
  }

  private refused(user: UserId | null, reason: string): Promise<void> {
    return this.work.run(() => this.events.append(emailChangeRefused(user, reason)));
  }
}
