import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database';
import { HeldUsernames } from '../application/held-usernames.port';

@Injectable()
export class SqlHeldUsernames extends HeldUsernames {
  constructor(private readonly database: Database) {
    super();
  }

  async hold(usernameKey: string, until: Date): Promise<void> {
    await this.database.writer.query(
      `INSERT INTO held_usernames AS held (username_key, held_until) VALUES ($1, $2)
       ON CONFLICT ON CONSTRAINT held_usernames_pkey
       DO UPDATE SET held_until = GREATEST(held.held_until, excluded.held_until)`,
      [usernameKey, until],
    );
  }

  async isHeld(usernameKey: string, now: Date): Promise<boolean> {
    const sql = 'SELECT 1 FROM held_usernames WHERE username_key = $1 AND held_until > $2';
    return (await this.database.reader.query<unknown[]>(sql, [usernameKey, now])).length > 0;
  }

  async removeEnded(now: Date): Promise<number> {
    const sql = 'DELETE FROM held_usernames WHERE held_until <= $1';
    // What DELETE answers is a pair: the rows, and how many.
    const [, removed] = await this.database.writer.query<[unknown, number]>(sql, [now]);
    return removed;
  }
}
