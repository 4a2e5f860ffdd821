import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { SendAllowance } from '../../../../platform/limits/send-allowance';
import { emailVerificationRequested } from '../../mailbox.events';
import { Users } from '../users.port';
import { MailSecret } from './mail-secret';
import type { Recipient } from './user-mails';

/** Mails the link and the code that prove the address of an account. */
@Injectable()
export class SendVerification {
  constructor(
    private readonly users: Users,
    private readonly mailing: MailSecret,
    private readonly allowance: SendAllowance,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /** To a new account, within the unit of work in which it is made. `tenant` has it sent; null: nobody's but the user's. */
  toNew({ id, email }: Recipient, tenant: TenantId | null): Promise<void> {
    return this.mailing.execute({ purpose: 'email_verification', userId: id, mailbox: email, tenant });
  }

  /**
   * Once more, to whoever asks; the same work, and nothing sent, when there is no such account or it has proven its
   * address. Asked too often, it is on record and nothing else. Throws DependencyUnavailable.
   */
  async again(email: string): Promise<void> {
    const isAllowed = await this.allowance.take({ kind: 'email-verification', address: email, tenant: null });
    await this.work.run(async () => {
      const user = (await this.users.findByLogin(email))?.snapshot();
      const isAwaited = user?.status === 'active' && user.emailVerifiedAt === null;
      // To the address as the account spells it.
      const [userId, mailbox] = isAwaited ? [user.id, user.email] : [null, email];
      if (isAllowed) await this.mailing.execute({ purpose: 'email_verification', userId, mailbox });
      await this.events.append(emailVerificationRequested(user?.id ?? null, isAllowed && isAwaited));
    });
  }

  /** Once more, to an account whose password somebody knows, but whose address nobody has proven. */
  async toUser(id: UserId): Promise<void> {
    const user = (await this.users.find(id))?.snapshot();
    if (user) await this.again(user.email);
  }
}
