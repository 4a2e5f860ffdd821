import { Injectable } from '@nestjs/common';
import { MailSettings } from '../config/settings';
import { Database } from '../database/database';
import { Clock } from '../time/clock';

/** `late`: mails do not leave. `files`: there is no mail server to give them to. */
export type MailCondition = 'fine' | 'late' | 'files';

const LATE_MS = 300_000;
const DAY_MS = 86_400_000;
const BELIEVED_MS = 5_000;

type Row = { readonly is_late: boolean };

/** Whether mails leave (of text messages nothing), over all processes, as the outbox knows it. Asked at most once in five seconds. */
@Injectable()
export class MailHealth {
  private known: { readonly condition: Promise<MailCondition>; readonly atMs: number } | null = null;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: MailSettings,
  ) {}

  /** Throws when the database does not answer. */
  condition(): Promise<MailCondition> {
    if (this.settings.smtpUrl === undefined) return Promise.resolve('files');
    const nowMs = this.clock.elapsedMs();
    if (this.known && nowMs - this.known.atMs < BELIEVED_MS) return this.known.condition;
    const condition = this.ask();
    this.known = { condition, atMs: nowMs };
    return condition;
  }

  /**
   * Late is a mail that has been due for five minutes, and one that was given up within a day while none was sent since.
   * A single recipient who does not exist is nobody's outage, and anybody could make one.
   */
  private async ask(): Promise<MailCondition> {
    const now = this.clock.now();
    const [row] = await this.database.reader.query<Row[]>(
      `SELECT EXISTS (SELECT FROM outbox
                      WHERE channel = 'mail' AND sent_at IS NULL AND given_up_at IS NULL AND next_attempt_at < $1)
           OR (SELECT max(given_up_at) FROM outbox WHERE channel = 'mail' AND given_up_at > $2) >
              coalesce((SELECT max(sent_at) FROM outbox
                        WHERE channel = 'mail' AND sent_at > $2 AND recipient_key IS NOT NULL), $2) AS is_late`,
      [new Date(now.getTime() - LATE_MS), new Date(now.getTime() - DAY_MS)],
    );
    return row?.is_late === true ? 'late' : 'fine';
  }
}
