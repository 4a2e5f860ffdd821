import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../kernel/ids';
import type { MailFacts, MailTemplate } from '../../platform/mail/mails';
import { type Addressee, UserMails } from './application/mailbox/user-mails';
import { UserQueries } from './application/user-queries';

export type { Addressee };

/** Mails to users about their accounts, as from their tenant. Within the caller's unit of work, of what they tell. */
@Injectable()
export class UserMailsFacade {
  constructor(
    private readonly users: UserQueries,
    private readonly mails: UserMails,
  ) {}

  /** To the address the account has; to nobody when it is no more. */
  async tell<T extends MailTemplate>(id: UserId, template: T, facts: MailFacts[T]): Promise<void> {
    const user = await this.users.find(id);
    if (user) await this.mails.send(user, template, facts);
  }

  /**
   * To an address, or nobody with the same work. What was not sent by `uselessAfter` is given up. `tenant` is the one
   * that has it sent, for whom it counts; null: none.
   */
  send<T extends MailTemplate>(
    addressee: Addressee,
    template: T,
    facts: MailFacts[T],
    uselessAfter: Date,
    tenant: TenantId | null = null,
  ): Promise<void> {
    return this.mails.send(addressee, template, facts, uselessAfter, tenant);
  }
}
