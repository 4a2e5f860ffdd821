import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { Outbox } from '../../../platform/mail/outbox';
import { Lockouts } from './lockout/lockouts.port';
import { UserMails } from './mailbox/user-mails';
import type { UserState } from '../domain/user';
import { Users } from './users.port';

/** What became of a user who was to be erased; 'last_administrator': there would be no other system administrator. */
export type Erasure = 'erased' | 'gone' | 'last_administrator';

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

  /** Holds the user, and of a system administrator all others too. Joins the caller's unit of work. */
  async hold(id: UserId): Promise<void> {
    await this.work.run(() => this.take(id));
  }

  /**
   * Joins the caller's unit of work, in which the user is held and whatever refers to the user has gone before. One last mail
   * says so, where somebody proved the address. Nothing is done unless the user is 'erased'.
   */
  execute(id: UserId): Promise<Erasure> {
    return this.work.run(async (now) => {
      const { user, isNeeded } = await this.take(id);
      if (!user) return 'gone';
      if (isNeeded) return 'last_administrator';
      await this.outbox.forget(user.email);
      if (user.emailVerifiedAt !== null) await this.mails.send(user, 'account-deleted', { at: now.toISOString() });
      await this.lockouts.remove(id);
      await this.users.remove(id);
      return 'erased';
    });
  }

  /** System administrators together and before each alone: of two who end at once, the second sees that it is the last. */
  private async take(id: UserId): Promise<{ readonly user: UserState | undefined; readonly isNeeded: boolean }> {
    const isSystemAdministrator = (await this.users.find(id))?.snapshot().systemAdministrator === true;
    const administrators = isSystemAdministrator ? await this.users.holdSystemAdministrators() : [];
    const user = (await this.users.take(id))?.snapshot();
    return { user, isNeeded: isSystemAdministrator && administrators.every((other) => other === id) };
  }
}
