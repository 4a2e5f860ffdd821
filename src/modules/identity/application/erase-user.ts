import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { Outbox } from '../../../platform/mail/outbox';
import { Lockouts } from './lockout/lockouts.port';
import { UserMails } from './mailbox/user-mails';
import { Users } from './users.port';

/** Forgets a user: what others keep of the account from now on is its id, which is nobody's. */
@Injectable()
export class EraseUser {
  constructor(
    private readonly users: Users,
    private readonly lockouts: Lockouts,
    private readonly outbox: Outbox,
    private readonly mails: UserMails,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Joins the caller's unit of work, in which whatever refers to the user has gone before. One last mail says so. False, and
   * nothing done, when there is no such user, or no other system administrator would be left.
   */
  execute(id: UserId): Promise<boolean> {
    return this.work.run(async (now) => {
      const user = (await this.users.take(id))?.snapshot();
      if (!user || (user.systemAdministrator && !(await this.users.holdOtherSystemAdministrators(id)))) return false;
      await this.outbox.forget(user.email);
      await this.mails.send(user, 'account-deleted', { at: now.toISOString() });
      await this.lockouts.remove(id);
      await this.users.remove(id);
      return true;
    });
  }
}
