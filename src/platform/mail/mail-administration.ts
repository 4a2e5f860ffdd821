import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Database } from '../database/database';
import { inBatches } from '../database/in-batches';
import { EventLog } from '../events/event-log';
import type { Channel } from '../outbox/channel';
import { OutboxRow } from '../outbox/outbox.row';
import { OutboxTable } from '../outbox/outbox-table';
import { isUseless } from '../outbox/retry-policy';
import { phoneNumberOf } from '../sms/phone-number';

export const MAIL_STATES = ['pending', 'sent', 'given-up'] as const;
export type MailState = (typeof MAIL_STATES)[number];

/**
 * A mail or text message as operators may know one: nothing of what it says, and of its recipient what tells one from
 * another.
 */
export type MailView = {
  readonly id: string;
  readonly channel: Channel;
  readonly template: string;
  /** Most of it hidden. null: nobody, or nothing is kept of it; UNREADABLE: sealed with another MASTER_KEY, or altered. */
  readonly recipient: string | null;
  readonly state: MailState;
  readonly attempts: number;
  readonly createdAt: Date;
  /** null: it has come to its end. */
  readonly nextAttemptAt: Date | null;
  /** When it was sent or given up. */
  readonly endedAt: Date | null;
  /** Codes alone. */
  readonly lastError: string | null;
};

export type MailPage = { readonly items: readonly MailView[]; readonly nextCursor: string | null };

export type Retry =
  { readonly kind: 'retried' } | { readonly kind: 'refused'; readonly id: string; readonly reason: WhyNot };

/** `expired`: it helps nobody any more, and nothing is kept of what it said. */
export type WhyNot = 'unknown' | 'sent' | 'expired' | 'in_hand';

export const UNREADABLE = '(unreadable)';
const BATCH = 100;

/** The outbox for operators, text messages included. */
@Injectable()
export class MailAdministration {
  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxTable,
    private readonly events: EventLog,
  ) {}

  /** In the order they were written, `limit` from behind `cursor` on. */
  async list(state: MailState | null, limit: number, cursor: string | null): Promise<MailPage> {
    const rows = await this.database.read((manager) =>
      manager
        .createQueryBuilder(OutboxRow, 'mail')
        .where(state === null ? 'true' : IN_STATE[state])
        .andWhere(cursor === null ? 'true' : 'mail.id > :cursor', { cursor })
        .orderBy('mail.id')
        .limit(limit + 1)
        .getMany(),
    );
    const items = rows.slice(0, limit).map((row) => this.viewOf(row));
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  async find(id: string): Promise<MailView | null> {
    const row = await this.database.reader.findOneBy(OutboxRow, { id });
    return row && this.viewOf(row);
  }

  /**
   * Has mails tried at once, and for 24 hours more, under the Message-ID they have. All of them or none: one that was sent,
   * is being sent at this moment, or comes too late is refused.
   */
  retry(ids: readonly string[]): Promise<Retry> {
    return this.database.run(async (now) => {
      const rows = await this.database.writer.find(OutboxRow, {
        where: { id: In([...new Set(ids)]) },
        order: { id: 'ASC' },
        lock: { mode: 'pessimistic_write' },
      });
      for (const id of ids) {
        const reason = whyNot(
          rows.find((row) => row.id === id),
          now,
        );
        if (reason !== null) return { kind: 'refused', id, reason };
      }
      await this.tryAnew(
        rows.map(({ id }) => id),
        now,
      );
      return { kind: 'retried' };
    });
  }

  /** But what comes too late. Returns how many there were. */
  retryAllGivenUp(): Promise<number> {
    const batch = (size: number): Promise<number> =>
      this.database.run(async (now) => {
        const rows = await this.database.writer.query<{ id: string }[]>(
          `SELECT id FROM outbox WHERE given_up_at IS NOT NULL AND useless_after IS NULL
           ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED`,
          [size],
        );
        const ids = rows.map(({ id }) => id);
        if (ids.length > 0) await this.tryAnew(ids, now);
        return ids.length;
      });
    return inBatches(BATCH, batch, Infinity);
  }

  private async tryAnew(ids: readonly string[], now: Date): Promise<void> {
    await this.database.writer.query(
      `UPDATE outbox SET given_up_at = NULL, in_hand = false, failures = 0, refusals = 0, tried_since = $2,
         next_attempt_at = $2 WHERE id = ANY ($1)`,
      [ids, now],
    );
    await this.events.append({
      type: 'system.mail_retried',
      outcome: 'success',
      userId: null,
      tenantId: null,
      details: { mails: ids },
    });
  }

  private viewOf(row: OutboxRow): MailView {
    const endedAt = row.sentAt ?? row.givenUpAt;
    return {
      id: row.id,
      channel: row.channel,
      template: row.template,
      recipient: this.recipientOf(row),
      state: stateOf(row),
      attempts: row.attempts,
      createdAt: row.createdAt,
      nextAttemptAt: endedAt === null ? row.nextAttemptAt : null,
      endedAt,
      lastError: row.lastError,
    };
  }

  private recipientOf({ id, channel, template, contents }: OutboxRow): string | null {
    if (contents === null) return null;
    try {
      const { to } = this.outbox.open({ id, template, contents });
      return to && MASKED[channel](to);
    } catch {
      return UNREADABLE;
    }
  }
}

const IN_STATE: Readonly<Record<MailState, string>> = {
  pending: 'mail.sent_at IS NULL AND mail.given_up_at IS NULL',
  sent: 'mail.sent_at IS NOT NULL',
  'given-up': 'mail.given_up_at IS NOT NULL',
};

function stateOf({ sentAt, givenUpAt }: OutboxRow): MailState {
  if (sentAt) return 'sent';
  return givenUpAt ? 'given-up' : 'pending';
}

function whyNot(row: OutboxRow | undefined, now: Date): WhyNot | null {
  if (!row) return 'unknown';
  if (row.sentAt) return 'sent';
  // What was given up with it was emptied.
  if (row.givenUpAt ? row.uselessAfter : isUseless(row.uselessAfter, now)) return 'expired';
  // Who has it may still send it; a second one would send it twice.
  return row.inHand && row.nextAttemptAt > now ? 'in_hand' : null;
}

const MASKED: Readonly<Record<Channel, (recipient: string) => string>> = {
  mail: maskedAddress,
  sms: (number) => phoneNumberOf(number)?.masked ?? '…',
};

/** `a…@example.com` */
function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${String.fromCodePoint(address.codePointAt(0) ?? 0x2026)}…${at > 0 ? address.slice(at) : ''}`;
}
