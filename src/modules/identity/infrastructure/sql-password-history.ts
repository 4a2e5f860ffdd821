import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { PasswordHistory } from '../application/passwords/password-history.port';

@Injectable()
export class SqlPasswordHistory extends PasswordHistory {
  constructor(private readonly database: Database) {
    super();
  }

  async latestOf(user: UserId, count: number): Promise<readonly string[]> {
    if (count === 0) return [];
    const rows = await this.database.reader.query<{ hash: string }[]>(
      'SELECT hash FROM password_history WHERE user_id = $1 ORDER BY sequence DESC LIMIT $2',
      [user, count],
    );
    return rows.map(({ hash }) => hash);
  }

  async remember(user: UserId, hash: string, count: number): Promise<void> {
    const { writer, instant } = this.database;
    if (count > 0) {
      const sql = 'INSERT INTO password_history (user_id, hash, replaced_at) VALUES ($1, $2, $3)';
      await writer.query(sql, [user, hash, instant]);
    }
    await writer.query(
      `DELETE FROM password_history WHERE user_id = $1 AND sequence NOT IN
         (SELECT sequence FROM password_history WHERE user_id = $1 ORDER BY sequence DESC LIMIT $2)`,
      [user, count],
    );
  }
}
