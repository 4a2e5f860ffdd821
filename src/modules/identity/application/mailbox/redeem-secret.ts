import { Injectable } from '@nestjs/common';
import { OneTimeSecrets } from '../../../../platform/crypto/one-time-secrets';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import type { MailedPurpose, MailedSecret, MailedSecretState } from '../../domain/mailbox/mailed-secret';
import { MailedSecrets } from './mailed-secrets.port';

/** What somebody shows who reads a mailbox: the token of a link, or the code beside it and the address it was sent to. */
export type MailboxProof =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'code'; readonly email: string; readonly code: string };

/** Looks at what was mailed, and uses it up. What it leads to is decided in between. */
@Injectable()
export class RedeemSecret {
  constructor(
    private readonly secrets: MailedSecrets,
    private readonly oneTime: OneTimeSecrets,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * The secret somebody shows, still unused; null when it is not good. A wrong code is counted by that, so it is not to be
   * called within a unit of work that may fail.
   */
  find(purpose: MailedPurpose, proof: MailboxProof): Promise<MailedSecretState | null> {
    return this.work.run(async (now) => {
      const secret =
        proof.kind === 'token' ? await this.byToken(purpose, proof.token) : await this.byCode(purpose, proof, now);
      return secret?.isGood(now) === true ? secret.snapshot() : null;
    });
  }

  /** Uses it up. False when somebody else did first, or its time is over. Joins the unit of work; takes the user first. */
  use({ id }: MailedSecretState): Promise<boolean> {
    return this.work.run(async (now) => (await this.secrets.remove(id))?.isGood(now) ?? false);
  }

  private async byToken(purpose: MailedPurpose, token: string): Promise<MailedSecret | null> {
    const hash = this.oneTime.hashOf(token);
    return hash && this.secrets.findByToken(purpose, hash);
  }

  private async byCode(
    purpose: MailedPurpose,
    { email, code }: Extract<MailboxProof, { kind: 'code' }>,
    now: Date,
  ): Promise<MailedSecret | null> {
    const sent = await this.secrets.takeOfMailbox(purpose, this.oneTime.keyOf(email));
    const [newest] = sent;
    if (!newest) return null;
    const meant = sent.find((secret) => this.hasCode(secret, code)) ?? null;
    // All that was sent to the mailbox is guessed at at once, so the newest counts for all.
    const outcome = newest.tryCode(meant !== null, now);
    if (outcome === 'wrong') await this.secrets.save(newest);
    return outcome === 'right' ? meant : null;
  }

  private hasCode(secret: MailedSecret, code: string): boolean {
    const { id, codeHash } = secret.snapshot();
    return codeHash !== null && this.oneTime.isCodeOf(id, Buffer.from(codeHash), code);
  }
}
