import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { LinkNotGood } from '../../domain/errors';
import { passwordReset, passwordResetRefused } from '../../mailbox.events';
import type { MailedSecretState } from '../../domain/mailbox/mailed-secret';
import { DraftPassword } from '../passwords/draft-password';
import { PasswordRecovery } from './password-recovery';
import { type MailboxProof, RedeemSecret } from './redeem-secret';

/** Puts a new password in the place of a forgotten one. It signs nobody in, and spares nobody a second factor. */
@Injectable()
export class ResetPassword {
  constructor(
    private readonly redeeming: RedeemSecret,
    private readonly drafting: DraftPassword,
    private readonly recovery: PasswordRecovery,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /**
   * Throws LinkNotGood; ValidationFailed, with the link as good as before, when the password may not be used; Overloaded
   * when too many passwords are being hashed.
   */
  async execute(proof: MailboxProof, newPassword: string): Promise<void> {
    const secret = await this.redeeming.find('password_reset', proof);
    const user = secret?.userId ?? null;
    if (secret && user !== null) {
      const hash = await this.drafting.execute(user, newPassword, 'new_password');
      if (await this.work.run(() => this.reset(secret, user, hash))) return;
    }
    await this.work.run(() => this.events.append(passwordResetRefused(user)));
    throw new LinkNotGood();
  }

  /** All sessions end with the event. */
  private async reset(secret: MailedSecretState, user: UserId, hash: string): Promise<boolean> {
    if (!(await this.redeeming.use(secret))) return false;
    const outcome = await this.recovery.execute(user, hash);
    if (outcome === 'refused') return false;
    await this.events.append(passwordReset(user, outcome === 'first_proof'));
    return true;
  }
}
