import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { SendAllowance } from '../../../../platform/limits/send-allowance';
import { Users } from '../users.port';
import { MailSecret } from './mail-secret';
import { UserMails } from './user-mails';

/** Tells the owner of an address that somebody registered with it, who was not told so. */
@Injectable()
export class TellOwner {
  constructor(
    private readonly users: Users,
    private readonly mailing: MailSecret,
    private readonly mails: UserMails,
    private readonly allowance: SendAllowance,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Of an account whose address nobody has proven it is not known who made it: the owner of the mailbox, or somebody before
   * them. So the mail does not confirm what is there; it lets its reader set a new password, which ends what others began
   * (RC-09). Throws DependencyUnavailable.
   */
  async execute(email: string, ipAddress: string | null): Promise<void> {
    if (!(await this.allowance.take({ kind: 'account-exists', address: email, tenant: null }))) return;
    await this.work.run(async (now) => {
      const user = (await this.users.findByLogin(email))?.snapshot();
      const facts = { at: now.toISOString(), address: ipAddress };
      if (user?.status !== 'active') await this.mails.pretend(email, 'account-exists', facts);
      else if (user.emailVerifiedAt !== null) await this.mails.send(user, 'account-exists', facts);
      else await this.mailing.execute({ purpose: 'password_reset', userId: user.id, mailbox: user.email });
    });
  }
}
