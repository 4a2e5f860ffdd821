import { Injectable } from '@nestjs/common';
import { OneTimeSecrets } from '../../../../platform/crypto/one-time-secrets';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import {
  LIVE_CODES,
  type MailedPurpose,
  type MailedSecret,
  type MailedSecretState,
} from '../../domain/mailbox/mailed-secret';
import type { UserState } from '../../domain/user';
import { Users } from '../users.port';
import { MailedSecrets } from './mailed-secrets.port';

/** What somebody shows who reads a mailbox: the token of a link, or the code beside it and the address it was sent to. */
export type MailboxProof =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'code'; readonly email: string; readonly code: string };

/** Looks at what was mailed, and uses it up. What it leads to is decided in between. */
@Injectable()
export class RedeemSecret {
  constructor(
    private readonly users: Users,
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

  /**
   * Uses it up, and returns its account, held: the user comes before the secret, for everybody who changes both. null, and
   * nothing is used up, when the account is gone or disabled, or when the mail went to an address that is not its own any
   * more; null too when somebody else used it first, or its time is over. Joins the unit of work.
   */
  use(secret: MailedSecretState): Promise<UserState | null> {
    return this.work.run(async (now) => {
      const account = secret.userId && (await this.users.take(secret.userId))?.snapshot();
      if (!account || account.status !== 'active' || !this.reaches(secret, account)) return null;
      return (await this.secrets.remove(secret.id))?.isGood(now) === true ? account : null;
    });
  }

  /** A mail that gives an account another address goes elsewhere; every other one to the address it has. */
  private reaches({ address, addressKey }: MailedSecretState, { email }: UserState): boolean {
    return address !== null || this.oneTime.keyOf(email).equals(addressKey);
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
    const meant = sent.slice(0, LIVE_CODES).find((secret) => this.hasCode(secret, code)) ?? null;
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
