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

  /** An account that never proved its address is sent what proves it once more. Throws DependencyUnavailable. */
  async execute(email: string, ipAddress: string | null): Promise<void> {
    if (!(await this.allowance.take({ kind: 'account-exists', address: email, tenant: null }))) return;
    await this.work.run(async (now) => {
      const user = (await this.users.findByLogin(email))?.snapshot();
      const facts = { at: now.toISOString(), address: ipAddress };
      if (user?.status !== 'active') await this.mails.pretend(email, 'account-exists', facts);
      else if (user.emailVerifiedAt !== null) await this.mails.send(user, 'account-exists', facts);
      else await this.mailing.execute({ purpose: 'email_verification', userId: user.id, mailbox: user.email });
    });
  }
}
