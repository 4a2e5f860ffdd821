import { Injectable } from '@nestjs/common';
import { Database } from '../../../../platform/database/database';
import { Lockouts } from '../../application/lockout/lockouts.port';
import { Lockout, type LockoutState } from '../../domain/lockout/lockout';

type Found = {
  account: string;
  failures: number;
  stopped_at: Date | null;
  sources: LockoutState['sources'];
  checks: LockoutState['checks'];
  changed_at: Date;
};

/** What stands in for a user is a UUID of version 8, and users are of version 7; so says the index too. */
const OF_NOBODY = "substr(account::text, 15, 1) = '8'";
const OF_SOMEBODY_OR_NOBODY = `${OF_NOBODY} OR EXISTS (SELECT FROM users WHERE id = $1)`;
const COLUMNS = 'account, failures, stopped_at, sources, checks, changed_at';

@Injectable()
export class SqlLockouts extends Lockouts {
  constructor(private readonly database: Database) {
    super();
  }

  /** One statement, whether there is a row or not: time must not tell whether an account was ever guessed at. */
  async take(account: string): Promise<Lockout> {
    const [row] = await this.database.writer.query<Found[]>(
      `INSERT INTO lockouts (account, changed_at) VALUES ($1, $2)
       ON CONFLICT (account) DO UPDATE SET account = EXCLUDED.account RETURNING ${COLUMNS}`,
      [account, this.database.instant],
    );
    return row ? Lockout.restore(stateOf(row)) : Lockout.clean(account, this.database.instant);
  }

  async save(lockout: Lockout): Promise<void> {
    const { account, failures, stoppedAt, sources, checks, changedAt } = lockout.snapshot();
    // An attempt may come to its end after the account did: of a user who is gone nothing is kept.
    await this.database.writer.query(
      `WITH of_the_gone AS (DELETE FROM lockouts WHERE account = $1 AND NOT (${OF_SOMEBODY_OR_NOBODY}))
       UPDATE lockouts SET failures = $2, stopped_at = $3, sources = $4, checks = $5, changed_at = $6
       WHERE account = $1 AND (${OF_SOMEBODY_OR_NOBODY})`,
      [account, failures, stoppedAt, JSON.stringify(sources), JSON.stringify(checks), changedAt],
    );
  }

  async remove(account: string): Promise<void> {
    await this.database.writer.query('DELETE FROM lockouts WHERE account = $1', [account]);
  }

  async find(account: string): Promise<Lockout | null> {
    const sql = `SELECT ${COLUMNS} FROM lockouts WHERE account = $1`;
    const [row] = await this.database.reader.query<Found[]>(sql, [account]);
    return row ? Lockout.restore(stateOf(row)) : null;
  }

  async removeNobodys(unchangedSince: Date, limit: number): Promise<number> {
    const [, removed] = await this.database.writer.query<[unknown, number]>(
      `DELETE FROM lockouts WHERE account IN (
         SELECT account FROM lockouts WHERE changed_at < $1 AND ${OF_NOBODY} LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [unchangedSince, limit],
    );
    return removed;
  }
}

function stateOf({ account, failures, stopped_at, sources, checks, changed_at }: Found): LockoutState {
  return { account, failures, stoppedAt: stopped_at, sources, checks, changedAt: changed_at };
}
