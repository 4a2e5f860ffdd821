import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { SendAllowance } from '../../../../platform/limits/send-allowance';
import { passwordResetRequested } from '../../mailbox.events';
import { Users } from '../users.port';
import { MailSecret } from './mail-secret';

/** Mails a link that sets a new password. The account stays as it is until that is used. */
@Injectable()
export class RequestPasswordReset {
  constructor(
    private readonly users: Users,
    private readonly mailing: MailSecret,
    private readonly allowance: SendAllowance,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /**
   * The same work, and nothing sent, when there is no such account or it is disabled. Asked too often, it is on record
   * and nothing else. Throws DependencyUnavailable.
   */
  async execute(email: string): Promise<void> {
    const isAllowed = await this.allowance.take({ kind: 'password-reset', address: email, tenant: null });
    await this.work.run(async () => {
      const user = (await this.users.findByLogin(email))?.snapshot();
      const isReached = user?.status === 'active';
      // To the address as the account spells it.
      const [userId, mailbox] = isReached ? [user.id, user.email] : [null, email];
      if (isAllowed) await this.mailing.execute({ purpose: 'password_reset', userId, mailbox });
      await this.events.append(passwordResetRequested(user?.id ?? null, isAllowed && isReached));
    });
  }
}
