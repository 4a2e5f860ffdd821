import { Injectable } from '@nestjs/common';
import { Database } from '../database/database';
import { inBatches } from '../database/in-batches';

const DAY_MS = 86_400_000;
const SENT_KEPT_MS = 7 * DAY_MS;
/** Long enough to try it again; with the week before, less than the 30 days in which who is erased is forgotten. */
const GIVEN_UP_KEPT_MS = 14 * DAY_MS;
/** Messages wait out an outage of their server. What is a week old tells nobody anything any more. */
const WAITED_FOR_MS = 7 * DAY_MS;
const BATCH = 500;

/** Keeps the outbox small: what was sent goes after a week, what was given up after two. */
@Injectable()
export class CleanOutbox {
  constructor(private readonly database: Database) {}

  /** Returns how many rows were removed. */
  async execute(): Promise<number> {
    await this.inBatches(WAITED_FOR_MS, GIVE_UP);
    return (
      (await this.inBatches(SENT_KEPT_MS, REMOVE_SENT)) + (await this.inBatches(GIVEN_UP_KEPT_MS, REMOVE_GIVEN_UP))
    );
  }

  private inBatches(ageMs: number, statement: string): Promise<number> {
    return inBatches(BATCH, (size) =>
      this.database.run(async (now) => {
        const before = new Date(now.getTime() - ageMs);
        const parameters = statement.includes('$3') ? [before, size, now] : [before, size];
        const [, count] = await this.database.writer.query<[unknown, number]>(statement, parameters);
        return count;
      }),
    );
  }
}

const some = (which: string): string => `SELECT id FROM outbox WHERE ${which} LIMIT $2 FOR UPDATE SKIP LOCKED`;

const REMOVE_SENT = `DELETE FROM outbox WHERE id IN (${some('sent_at < $1')})`;
const REMOVE_GIVEN_UP = `DELETE FROM outbox WHERE id IN (${some('given_up_at < $1')})`;
const GIVE_UP = `UPDATE outbox SET given_up_at = $3, in_hand = false,
  contents = CASE WHEN useless_after IS NULL THEN contents END WHERE id IN (${some(
    `sent_at IS NULL AND given_up_at IS NULL AND next_attempt_at <= $3 AND coalesce(tried_since, created_at) < $1`,
  )})`;
