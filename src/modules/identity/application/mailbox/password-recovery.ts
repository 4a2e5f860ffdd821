import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../../kernel/ids';
import { Random } from '../../../../platform/crypto/random';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { RetirePassword } from '../passwords/retire-password';
import { Users } from '../users.port';
import { MailedSecrets } from './mailed-secrets.port';

/** What a new password by mail does to an account. Joins the caller's unit of work. */
@Injectable()
export class PasswordRecovery {
  constructor(
    private readonly users: Users,
    private readonly secrets: MailedSecrets,
    private readonly retiring: RetirePassword,
    private readonly random: Random,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Other links end, and guesses at the old password count no more. `refused`, and nothing done, when the account is disabled
   * by now; `first_proof` when nobody had shown before that the address is theirs.
   */
  execute(id: UserId, hash: string): Promise<'refused' | 'known_mailbox' | 'first_proof'> {
    return this.work.run(async (now) => {
      const user = await this.users.take(id);
      const replaced = user?.snapshot().passwordHash ?? null;
      const outcome = user?.resetPassword(hash, this.random.uuid(now), now) ?? 'refused';
      if (!user || outcome === 'refused') return 'refused';
      await this.users.save(user);
      await this.secrets.removeAllOf(id, ['email_verification', 'password_reset', 'email_change']);
      await this.retiring.execute(id, replaced);
      return outcome;
    });
  }
}
