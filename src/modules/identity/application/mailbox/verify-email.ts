import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { LinkNotGood } from '../../domain/errors';
import { emailVerificationRefused, emailVerified } from '../../mailbox.events';
import { Users } from '../users.port';
import { MailedSecrets } from './mailed-secrets.port';
import { type MailboxProof, RedeemSecret } from './redeem-secret';

/** Marks the address of an account as proven. */
@Injectable()
export class VerifyEmail {
  constructor(
    private readonly users: Users,
    private readonly secrets: MailedSecrets,
    private readonly redeeming: RedeemSecret,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /** Throws LinkNotGood. */
  async execute(proof: MailboxProof): Promise<void> {
    const secret = await this.redeeming.find('email_verification', proof);
    const user = secret?.userId ?? null;
    const verified = await this.work.run(async () => {
      const account = secret && (await this.redeeming.use(secret));
      if (account) {
        await this.prove(account.id);
        return true;
      }
      await this.events.append(emailVerificationRefused(user));
      return false;
    });
    // Refused only after the commit, so that the attempt stays on record.
    if (!verified) throw new LinkNotGood();
  }

  /**
   * The owner of the mailbox of an account was there, by whichever mail. Other mailed links of the account end; its password
   * and sessions stay, for most who verify are who registered (ADR 22). Joins the caller's unit of work.
   */
  async prove(id: UserId): Promise<void> {
    await this.work.run(async (now) => {
      const user = await this.users.take(id);
      if (!user?.verifyEmail(now)) return;
      await this.users.save(user);
      await this.secrets.removeAllOf(id, ['email_verification', 'email_change']);
      await this.events.append(emailVerified(id));
    });
  }
}
