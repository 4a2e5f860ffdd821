import { Injectable } from '@nestjs/common';
import { OneTimeSecrets } from '../crypto/one-time-secrets';
import { Random } from '../crypto/random';
import { SecretBox } from '../crypto/secret-box';
import { Database } from '../database/database';
import { Chores } from '../time/chores';
import type { DeliveryFailure } from './delivery-failure';
import type { Mail, MailTemplate } from './mails';
import { type KeptMail, Outbox } from './outbox';
import { OutboxRow } from './outbox.row';
import { afterFailure, nextAttempt, type Tries } from './retry-policy';

/** What a mail says, sealed. */
export type SealedMail = { readonly id: string; readonly template: MailTemplate; readonly contents: Buffer };

/** A mail that this process alone may send, for as long as its lease lasts. */
export type TakenMail = SealedMail &
  Tries & {
    readonly createdAt: Date;
    readonly attempts: number;
    /** Since when it could have been taken. */
    readonly dueAt: Date;
  };

type Taken = SealedMail & {
  readonly created_at: Date;
  readonly attempts: number;
  readonly since: Date;
  readonly failures: number;
  readonly refusals: number;
  readonly due_at: Date;
};

/** The chore that sends mails. */
export const DELIVERY = 'mail';

/** Longer than any attempt to send may take. After a crash the mail is taken again when this is over. */
const LEASE_MS = 60_000;
const boxContext = (id: string): string => `outbox/${id}`;

/** The outbox as a table, recipient and facts sealed. */
@Injectable()
export class SqlOutbox extends Outbox {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly secrets: OneTimeSecrets,
    private readonly random: Random,
    private readonly chores: Chores,
  ) {
    super();
  }

  async enqueue({ to, template, facts, brand = null }: Mail): Promise<void> {
    const now = this.database.instant;
    const id = this.random.uuid(now);
    const contents = this.box.seal(Buffer.from(JSON.stringify({ to, facts, brand })), boxContext(id));
    // For nobody it takes as long.
    const key = this.secrets.keyOf(to ?? '');
    await this.database.writer.insert(OutboxRow, {
      id,
      template,
      contents,
      recipientKey: to === null ? null : key,
      createdAt: now,
      nextAttemptAt: now,
      attempts: 0,
    });
    this.database.afterCommit(() => {
      this.chores.nudge(DELIVERY);
    });
  }

  async forget(address: string): Promise<void> {
    // Locked in one order, as everywhere: two that forget do not wait for each other.
    await this.database.writer.query(
      `DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE recipient_key = $1 ORDER BY id FOR UPDATE)`,
      [this.secrets.keyOf(address)],
    );
  }

  keptOf(address: string): Promise<readonly KeptMail[]> {
    return this.database.reader.query<KeptMail[]>(
      `SELECT template, created_at AS "createdAt", sent_at AS "sentAt", given_up_at AS "givenUpAt" FROM outbox
       WHERE recipient_key = $1 ORDER BY created_at, id`,
      [this.secrets.keyOf(address)],
    );
  }

  /** The mail that has been due for longest, or null. Nobody else gets it until its lease is over. */
  take(): Promise<TakenMail | null> {
    return this.database.run(async (now) => {
      const [[taken]] = await this.database.writer.query<[Taken[], number]>(
        `WITH due AS (SELECT id, next_attempt_at FROM outbox
                      WHERE sent_at IS NULL AND given_up_at IS NULL AND next_attempt_at <= $1
                      ORDER BY next_attempt_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
         UPDATE outbox SET attempts = attempts + 1, in_hand = true, next_attempt_at = $2
         FROM due WHERE outbox.id = due.id
         RETURNING outbox.id, template, contents, created_at, attempts, coalesce(tried_since, created_at) AS since,
           failures, refusals, due.next_attempt_at AS due_at`,
        [now, new Date(now.getTime() + LEASE_MS)],
      );
      if (!taken) return null;
      const { created_at: createdAt, due_at: dueAt, ...rest } = taken;
      return { ...rest, createdAt, dueAt };
    });
  }

  /** Throws SealBroken when the row was written with another MASTER_KEY, or altered. */
  open({ id, template, contents }: SealedMail): Mail {
    const opened = JSON.parse(this.box.open(contents, boxContext(id)).toString()) as Pick<
      Mail,
      'to' | 'facts' | 'brand'
    >;
    return { ...opened, template } as Mail;
  }

  /** It is gone, and so is what it said. */
  async markSent(mail: TakenMail): Promise<void> {
    await this.database.run((now) => this.end(mail, { sentAt: now, contents: null, lastError: null }));
  }

  /** It was not tried after all, and is due as it was. `reason` is kept, and holds no secret. */
  async release(mail: TakenMail, reason: string): Promise<void> {
    await this.database.run(() => this.end(mail, { nextAttemptAt: mail.dueAt, lastError: reason }));
  }

  /** `reason` is kept, and holds no secret. Returns when it is tried again; null: never. */
  postpone(mail: TakenMail, { kind, reason }: DeliveryFailure): Promise<Date | null> {
    return this.database.run(async (now) => {
      const tries = afterFailure(mail, kind);
      const next = nextAttempt(tries, now);
      const { failures, refusals } = tries;
      await this.end(mail, {
        failures,
        refusals,
        lastError: reason,
        ...(next ? { nextAttemptAt: next } : { givenUpAt: now }),
      });
      return next;
    });
  }

  /** Changes nothing when the lease ran out and another process has the mail by now, nor when it was forgotten. */
  private async end({ id, attempts }: TakenMail, change: Partial<OutboxRow>): Promise<void> {
    await this.database.writer.update(OutboxRow, { id, attempts }, { ...change, inHand: false });
  }
}
