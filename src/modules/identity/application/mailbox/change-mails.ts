import { Injectable } from '@nestjs/common';
import type { SessionId, TenantId } from '../../../../kernel/ids';
import type { MailFacts, MailTemplate } from '../../../../platform/mail/mails';
import { IssueSecret } from './issue-secret';
import { MailSecret } from './mail-secret';
import { type Recipient, UserMails } from './user-mails';

/** The mails around a change of address. Join the unit of work. */
@Injectable()
export class ChangeMails {
  constructor(
    private readonly mailing: MailSecret,
    private readonly issuing: IssueSecret,
    private readonly mails: UserMails,
  ) {}

  /**
   * To the new address, for it to be proven; to nobody when somebody else has it. What was asked for before ends in both
   * cases, or the mail of then would tell which it was.
   */
  asked(
    { id }: Recipient,
    change: {
      readonly newEmail: string;
      readonly isFree: boolean;
      readonly sessionId: SessionId | null;
      /** For whom the mail counts. */
      readonly tenant: TenantId;
    },
  ): Promise<void> {
    const { newEmail, isFree, sessionId, tenant } = change;
    const secret = { purpose: 'email_change', userId: id, mailbox: newEmail, sessionId } as const;
    return isFree ? this.mailing.execute({ ...secret, address: newEmail, tenant }) : this.mailing.pretend(secret);
  }

  /** To the address it was so far, with the link that takes the change back. */
  async changed({ id, email }: Recipient, facts: Omit<MailFacts['email-changed'], 'link' | 'until'>): Promise<void> {
    const undo = { purpose: 'email_change_undo', userId: id, mailbox: email, address: email } as const;
    const { link, until } = await this.issuing.execute(undo);
    await this.mails.send({ id, email }, 'email-changed', { ...facts, link, until });
  }

  tell<T extends MailTemplate>(user: Recipient, template: T, facts: MailFacts[T]): Promise<void> {
    return this.mails.send(user, template, facts);
  }
}
