import { Injectable } from '@nestjs/common';
import { Random } from '../crypto/random';
import { SecretBox } from '../crypto/secret-box';
import { Database } from '../database/database';
import type { Mail, MailTemplate } from './mails';
import { Outbox } from './outbox';
import { OutboxRow } from './outbox.row';
import { nextAttempt } from './retry-policy';

/** A mail that this process alone may send, for as long as its lease lasts. */
export type TakenMail = {
  readonly id: string;
  readonly template: MailTemplate;
  readonly contents: Buffer;
  readonly createdAt: Date;
  readonly attempts: number;
};

type Taken = { id: string; template: MailTemplate; contents: Buffer; created_at: Date; attempts: number };

/** Longer than any attempt to send may take. After a crash the mail is taken again when this is over. */
const LEASE_MS = 60_000;
const boxContext = (id: string): string => `outbox/${id}`;

/** The outbox as a table, recipient and facts sealed. */
@Injectable()
export class SqlOutbox extends Outbox {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly random: Random,
  ) {
    super();
  }

  async enqueue({ to, template, facts, brand = null }: Mail): Promise<void> {
    const now = this.database.instant;
    const id = this.random.uuid(now);
    const contents = this.box.seal(Buffer.from(JSON.stringify({ to, facts, brand })), boxContext(id));
    const row = { id, template, contents, createdAt: now, nextAttemptAt: now, attempts: 0 };
    await this.database.writer.insert(OutboxRow, row);
  }

  /** The mail that has been due for longest, or null. Nobody else gets it until its lease is over. */
  take(): Promise<TakenMail | null> {
    return this.database.run(async (now) => {
      const [[taken]] = await this.database.writer.query<[Taken[], number]>(
        `UPDATE outbox SET attempts = attempts + 1, next_attempt_at = $2
         WHERE id = (SELECT id FROM outbox WHERE sent_at IS NULL AND given_up_at IS NULL AND next_attempt_at <= $1
                     ORDER BY next_attempt_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING id, template, contents, created_at, attempts`,
        [now, new Date(now.getTime() + LEASE_MS)],
      );
      if (!taken) return null;
      const { created_at: createdAt, ...rest } = taken;
      return { ...rest, createdAt };
    });
  }

  /** Throws SealBroken when the row was written with another MASTER_KEY, or altered. */
  open({ id, template, contents }: TakenMail): Mail {
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

  /** `reason` is kept, and holds no secret. Returns when it is tried again; null: never. */
  postpone(mail: TakenMail, reason: string): Promise<Date | null> {
    return this.database.run(async (now) => {
      const next = nextAttempt(mail.createdAt, mail.attempts, now);
      await this.end(mail, { lastError: reason, ...(next ? { nextAttemptAt: next } : { givenUpAt: now }) });
      return next;
    });
  }

  /** Changes nothing when the lease ran out and another process has the mail by now. */
  private async end({ id, attempts }: TakenMail, change: Partial<OutboxRow>): Promise<void> {
    await this.database.writer.update(OutboxRow, { id, attempts }, change);
  }
}
