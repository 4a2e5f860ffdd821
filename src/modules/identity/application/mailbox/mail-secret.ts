import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids';
import type { MailTemplate } from '../../../../platform/mail/mails';
import type { MailedPurpose } from '../../domain/mailbox/mailed-secret';
import { IssueSecret, type SecretToIssue } from './issue-secret';
import { UserMails } from './user-mails';

type Purpose = Exclude<MailedPurpose, 'email_change_undo'>;
type SecretToMail = SecretToIssue & {
  readonly purpose: Purpose;
  /** The tenant that has it sent, for whom it counts; left out: none. */
  readonly tenant?: TenantId | null;
};

const TEMPLATES = {
  email_verification: 'email-verification',
  password_reset: 'password-reset',
  email_change: 'email-change',
} as const satisfies Readonly<Record<Purpose, MailTemplate>>;

/** Sends a mailbox a link and a code, or does the same work for nobody. Joins the unit of work. */
@Injectable()
export class MailSecret {
  constructor(
    private readonly issuing: IssueSecret,
    private readonly mails: UserMails,
  ) {}

  async execute({ tenant = null, ...secret }: SecretToMail): Promise<void> {
    const { purpose, userId, mailbox } = secret;
    if (userId === null) return this.pretend(secret);
    const proof = await this.issuing.execute(secret);
    await this.mails.send({ id: userId, email: mailbox }, TEMPLATES[purpose], proof, null, tenant);
  }

  /** The same work, whosever the account is, and nobody gets anything. */
  async pretend(secret: Omit<SecretToMail, 'tenant'>): Promise<void> {
    const { purpose, mailbox } = secret;
    await this.mails.pretend(mailbox, TEMPLATES[purpose], await this.issuing.execute(secret));
  }
}
