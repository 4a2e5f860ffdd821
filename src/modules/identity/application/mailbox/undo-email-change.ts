import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { LinkNotGood } from '../../domain/errors';
import type { MailedSecretState } from '../../domain/mailbox/mailed-secret';
import { emailChanged, emailChangeRefused } from '../../mailbox.events';
import { ChangeAddress } from './change-address';
import { ChangeMails } from './change-mails';
import { RedeemSecret } from './redeem-secret';

/** Gives an account back the address it had, whatever became of it since. Every session ends. */
@Injectable()
export class UndoEmailChange {
  constructor(
    private readonly redeeming: RedeemSecret,
    private readonly addresses: ChangeAddress,
    private readonly mails: ChangeMails,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /** Throws LinkNotGood. */
  async execute(token: string, ipAddress: string | null): Promise<void> {
    const secret = await this.redeeming.find('email_change_undo', { kind: 'token', token });
    const user = secret?.userId ?? null;
    const isUndone = await this.work.run(async (now) => {
      const occasion = { at: now.toISOString(), address: ipAddress };
      if (secret && user !== null && (await this.undo(secret, user, occasion))) return true;
      await this.events.append(emailChangeRefused(user, 'link_not_good'));
      return false;
    });
    // Refused only after the commit, so that the attempt stays on record.
    if (!isUndone) throw new LinkNotGood();
  }

  private async undo(
    secret: MailedSecretState,
    user: UserId,
    occasion: { readonly at: string; readonly address: string | null },
  ): Promise<boolean> {
    const { address, createdAt } = secret;
    if (address === null || !(await this.redeeming.use(secret))) return false;
    if (!(await this.addresses.execute(user, address))) return false;
    await this.addresses.endLaterUndos(user, createdAt);
    await this.events.append(emailChanged(user, null, true));
    await this.mails.tell({ id: user, email: address }, 'email-change-undone', occasion);
    return true;
  }
}
