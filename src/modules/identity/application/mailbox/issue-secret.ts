import { Injectable } from '@nestjs/common';
import type { SessionId, UserId } from '../../../../kernel/ids';
import { OneTimeSecrets } from '../../../../platform/crypto/one-time-secrets';
import { Random } from '../../../../platform/crypto/random';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { lifeOf, type MailedPurpose, MailedSecret } from '../../domain/mailbox/mailed-secret';
import { MailboxSettings } from './mailbox-settings';
import { MailedSecrets } from './mailed-secrets.port';

export type SecretToIssue = {
  readonly purpose: MailedPurpose;
  /** Whose account it acts on; null: nobody's, and nobody gets it. */
  readonly userId: UserId | null;
  /** The mailbox it is sent to. */
  readonly mailbox: string;
  /** What becomes the address of the account; left out: that stays. */
  readonly address?: string;
  /** The session it is asked for in, which goes on when it is used. */
  readonly sessionId?: SessionId | null;
};

/** What a mail says of its secret. Instants are ISO 8601. */
export type MailedProof = {
  readonly link: string;
  readonly code: string;
  /** When the link ends. */
  readonly until: string;
  readonly codeUntil: string;
};

/** The page each link leads to. It only asks; what is behind it happens when its button is pressed. */
const PAGES: Readonly<Record<MailedPurpose, string>> = {
  email_verification: 'verify-email',
  password_reset: 'reset-password',
  email_change: 'confirm-email-change',
  email_change_undo: 'undo-email-change',
};

/** Makes the link and the code of a mail. Joins the unit of work. */
@Injectable()
export class IssueSecret {
  constructor(
    private readonly secrets: MailedSecrets,
    private readonly oneTime: OneTimeSecrets,
    private readonly random: Random,
    private readonly work: UnitOfWork,
    private readonly settings: MailboxSettings,
  ) {}

  execute({ purpose, userId, mailbox, address, sessionId }: SecretToIssue): Promise<MailedProof> {
    return this.work.run(async (now) => {
      const id = this.random.uuid(now);
      const { token, tokenHash, code, codeHash } = this.oneTime.make(id);
      const addressKey = this.oneTime.keyOf(mailbox);
      const life = lifeOf(purpose, this.settings);
      const secret = MailedSecret.issue(
        {
          id,
          purpose,
          userId,
          address: address ?? null,
          addressKey,
          sessionId: sessionId ?? null,
          tokenHash,
          codeHash: life.code > 0 ? codeHash : null,
        },
        await this.secrets.wrongCodesOf(purpose, addressKey),
        life,
        now,
      );
      await this.secrets.put(secret);
      const link = `${this.settings.publicUrl}/${PAGES[purpose]}?token=${token}`;
      const { expiresAt, codeExpiresAt } = secret.snapshot();
      return { link, code, until: expiresAt.toISOString(), codeUntil: (codeExpiresAt ?? expiresAt).toISOString() };
    });
  }
}
