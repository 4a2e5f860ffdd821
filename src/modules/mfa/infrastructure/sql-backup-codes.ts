import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { BackupCodes, type NewBackupCode, type StoredBackupCode } from '../application/backup-codes.port';

/** In force and not used. */
const GOOD = 'factor_id IS NULL AND used_at IS NULL';

@Injectable()
export class SqlBackupCodes extends BackupCodes {
  constructor(private readonly database: Database) {
    super();
  }

  async find(user: UserId, selector: string): Promise<StoredBackupCode | null> {
    const sql = `SELECT id, code_hash AS hash FROM backup_codes WHERE user_id = $1 AND selector = $2 AND ${GOOD}`;
    const [row] = await this.database.reader.query<StoredBackupCode[]>(sql, [user, selector]);
    return row ?? null;
  }

  /** The account is held by now; that a code is used once (MF-08) does not hang on that alone. */
  async spend(user: UserId, id: string, at: Date): Promise<boolean> {
    const [, spent] = await this.database.writer.query<[unknown, number]>(
      `UPDATE backup_codes SET used_at = $3 WHERE user_id = $1 AND id = $2 AND ${GOOD}`,
      [user, id, at],
    );
    return spent === 1;
  }

  async countOf(user: UserId): Promise<number> {
    const sql = `SELECT count(*)::int AS left FROM backup_codes WHERE user_id = $1 AND ${GOOD}`;
    const [row] = await this.database.reader.query<{ left: number }[]>(sql, [user]);
    return row?.left ?? 0;
  }

  async put(user: UserId, codes: readonly NewBackupCode[], factorId: string | null, at: Date): Promise<void> {
    await this.database.writer.query(
      'DELETE FROM backup_codes WHERE user_id = $1 AND factor_id IS NOT DISTINCT FROM $2::uuid',
      [user, factorId],
    );
    await this.database.writer.query(
      `INSERT INTO backup_codes (id, user_id, factor_id, selector, code_hash, created_at)
       SELECT id, $1, $2, selector, hash, $3
       FROM unnest($4::uuid[], $5::text[], $6::text[]) AS code (id, selector, hash)`,
      [
        user,
        factorId,
        at,
        codes.map(({ id }) => id),
        codes.map(({ selector }) => selector),
        codes.map(({ hash }) => hash),
      ],
    );
  }

  async activate(user: UserId, factorId: string): Promise<boolean> {
    const { writer } = this.database;
    const sql = 'SELECT EXISTS (SELECT FROM backup_codes WHERE user_id = $1 AND factor_id = $2) AS found';
    const [made] = await writer.query<{ found: boolean }[]>(sql, [user, factorId]);
    if (made?.found !== true) return false;
    await writer.query('DELETE FROM backup_codes WHERE user_id = $1 AND factor_id IS NULL', [user]);
    await writer.query('UPDATE backup_codes SET factor_id = NULL WHERE user_id = $1 AND factor_id = $2', [
      user,
      factorId,
    ]);
    return true;
  }

  async removeAll(user: UserId): Promise<void> {
    await this.database.writer.query('DELETE FROM backup_codes WHERE user_id = $1', [user]);
  }
}
