import { Injectable } from '@nestjs/common';
import { OneTimeSecrets } from '../crypto/one-time-secrets';
import { Random } from '../crypto/random';
import { SecretBox } from '../crypto/secret-box';
import { Database } from '../database/database';
import { Chores } from '../time/chores';
import type { Channel } from './channel';
import type { DeliveryFailure } from './delivery-failure';
import { OutboxRow } from './outbox.row';
import { afterFailure, isUseless, nextAttempt, type Tries } from './retry-policy';

/** What a message is, sealed. */
export type SealedMessage = { readonly id: string; readonly template: string; readonly contents: Buffer };

/** What is sealed of a message: whom it goes to (null: nobody), and what its channel adds. JSON. */
export type Contents = { readonly to: string | null; readonly [more: string]: unknown };

export type NewMessage = {
  readonly channel: Channel;
  readonly template: string;
  readonly contents: Contents;
  /** When it helps nobody any more; null: never. */
  readonly uselessAfter: Date | null;
};

/** That there is a message, and nothing of what it says. */
export type KeptMessage = {
  readonly template: string;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
  readonly givenUpAt: Date | null;
};

/** A message that this process alone may send, for as long as its lease lasts. */
export type TakenMessage = SealedMessage &
  Tries & {
    readonly createdAt: Date;
    readonly attempts: number;
    /** Since when it could have been taken. */
    readonly dueAt: Date;
    /** Whether it came to its turn too late. */
    readonly isUseless: boolean;
  };

type Taken = SealedMessage & {
  readonly created_at: Date;
  readonly attempts: number;
  readonly since: Date;
  readonly failures: number;
  readonly refusals: number;
  readonly useless_after: Date | null;
  readonly due_at: Date;
};

/** Longer than any attempt to send may take. After a crash the message is taken again when this is over. */
const LEASE_MS = 60_000;
/** Why a message was given up whose turn came too late. */
export const EXPIRED = 'EXPIRED';
const boxContext = (id: string): string => `outbox/${id}`;

/** The table of what is to be sent, by whatever channel. Recipients and facts are sealed. */
@Injectable()
export class OutboxTable {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly secrets: OneTimeSecrets,
    private readonly random: Random,
    private readonly chores: Chores,
  ) {}

  /** Throws outside a unit of work. After its commit the chore that bears the channel's name is nudged. */
  async put({ channel, template, contents, uselessAfter }: NewMessage): Promise<void> {
    const now = this.database.instant;
    const id = this.random.uuid(now);
    const { to } = contents;
    // For nobody it takes as long.
    const key = this.secrets.keyOf(to ?? '');
    await this.database.writer.insert(OutboxRow, {
      id,
      channel,
      template,
      contents: this.box.seal(Buffer.from(JSON.stringify(contents)), boxContext(id)),
      recipientKey: to === null ? null : key,
      createdAt: now,
      nextAttemptAt: now,
      uselessAfter,
      attempts: 0,
    });
    this.database.afterCommit(() => {
      this.chores.nudge(channel);
    });
  }

  /** Removes all that is kept of messages to an address or number, whatever the channel. Throws outside a unit of work. */
  async forget(recipient: string): Promise<void> {
    // Locked in one order, as everywhere: two that forget do not wait for each other.
    await this.database.writer.query(
      `DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE recipient_key = $1 ORDER BY id FOR UPDATE)`,
      [this.secrets.keyOf(recipient)],
    );
  }

  /** What `forget` would remove, oldest first. */
  keptOf(recipient: string): Promise<readonly KeptMessage[]> {
    return this.database.reader.query<KeptMessage[]>(
      `SELECT template, created_at AS "createdAt", sent_at AS "sentAt", given_up_at AS "givenUpAt" FROM outbox
       WHERE recipient_key = $1 ORDER BY created_at, id`,
      [this.secrets.keyOf(recipient)],
    );
  }

  /** The message of a channel that has been due for longest, or null. Nobody else gets it until its lease is over. */
  take(channel: Channel): Promise<TakenMessage | null> {
    return this.database.run(async (now) => {
      const [[taken]] = await this.database.writer.query<[Taken[], number]>(
        `WITH due AS (SELECT id, next_attempt_at FROM outbox
                      WHERE channel = $3 AND sent_at IS NULL AND given_up_at IS NULL AND next_attempt_at <= $1
                      ORDER BY next_attempt_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
         UPDATE outbox SET attempts = attempts + 1, in_hand = true, next_attempt_at = $2
         FROM due WHERE outbox.id = due.id
         RETURNING outbox.id, template, contents, created_at, attempts, coalesce(tried_since, created_at) AS since,
           failures, refusals, useless_after, due.next_attempt_at AS due_at`,
        [now, new Date(now.getTime() + LEASE_MS), channel],
      );
      if (!taken) return null;
      const { created_at: createdAt, due_at: dueAt, useless_after: uselessAfter, ...rest } = taken;
      return { ...rest, createdAt, dueAt, uselessAfter, isUseless: isUseless(uselessAfter, now) };
    });
  }

  /** What was put in. Throws SealBroken when the row was written with another MASTER_KEY, or altered. */
  open({ id, contents }: SealedMessage): Contents {
    return JSON.parse(this.box.open(contents, boxContext(id)).toString()) as Contents;
  }

  /** It is gone, and so is what it said. */
  async markSent(message: TakenMessage): Promise<void> {
    await this.database.run((now) => this.end(message, { sentAt: now, contents: null, lastError: null }));
  }

  /** It was not tried after all, and is due as it was. `reason` is kept, and holds no secret. */
  async release(message: TakenMessage, reason: string): Promise<void> {
    await this.database.run(() => this.end(message, { nextAttemptAt: message.dueAt, lastError: reason }));
  }

  /** It comes too late: nothing is kept of what it said. */
  async drop(message: TakenMessage): Promise<void> {
    await this.database.run((now) => this.end(message, { givenUpAt: now, contents: null, lastError: EXPIRED }));
  }

  /** `reason` is kept, and holds no secret. Returns when it is tried again; null: never. */
  postpone(message: TakenMessage, { kind, reason }: DeliveryFailure): Promise<Date | null> {
    return this.database.run(async (now) => {
      const tries = afterFailure(message, kind);
      const next = nextAttempt(tries, now);
      const { failures, refusals, uselessAfter } = tries;
      // It may be tried anew by hand, unless that helps nobody.
      const givenUp = { givenUpAt: now, ...(uselessAfter && { contents: null }) };
      const change = next ? { nextAttemptAt: next } : givenUp;
      await this.end(message, { failures, refusals, lastError: reason, ...change });
      return next;
    });
  }

  /** Changes nothing when the lease ran out and another process has the message by now, nor when it was forgotten. */
  private async end({ id, attempts }: TakenMessage, change: Partial<OutboxRow>): Promise<void> {
    await this.database.writer.update(OutboxRow, { id, attempts }, { ...change, inHand: false });
  }
}
