import { Injectable } from '@nestjs/common';
import type { UserId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { type SentCode, SentCodes } from '../application/sent-codes.port';
import { boundTo, type CodeUse } from '../domain/code-use';
import type { SentMethod } from '../domain/method';

type Found = { id: string; code_hash: Buffer; created_at: Date; expires_at: Date };

@Injectable()
export class SqlSentCodes extends SentCodes {
  constructor(private readonly database: Database) {
    super();
  }

  async put({ id, userId, method, use, codeHash, createdAt, expiresAt }: SentCode): Promise<void> {
    await this.database.writer.query(
      `INSERT INTO factor_codes (bound_to, method, id, user_id, code_hash, created_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (bound_to, method) DO UPDATE SET id = EXCLUDED.id, user_id = EXCLUDED.user_id,
         code_hash = EXCLUDED.code_hash, created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at`,
      [boundTo(use), method, id, userId, Buffer.from(codeHash), createdAt, expiresAt],
    );
  }

  async find(userId: UserId, method: SentMethod, use: CodeUse): Promise<SentCode | null> {
    const [row] = await this.database.reader.query<Found[]>(
      `SELECT id, code_hash, created_at, expires_at FROM factor_codes
       WHERE bound_to = $1 AND method = $2 AND user_id = $3`,
      [boundTo(use), method, userId],
    );
    if (!row) return null;
    const { id, code_hash: codeHash, created_at: createdAt, expires_at: expiresAt } = row;
    return { id, userId, method, use, codeHash, createdAt, expiresAt };
  }

  async spend({ id, method, use }: SentCode): Promise<boolean> {
    const [, spent] = await this.database.writer.query<[unknown, number]>(
      'DELETE FROM factor_codes WHERE bound_to = $1 AND method = $2 AND id = $3',
      [boundTo(use), method, id],
    );
    return spent === 1;
  }

  async removeAllOf(user: UserId, method?: SentMethod): Promise<void> {
    const sql = 'DELETE FROM factor_codes WHERE user_id = $1 AND ($2::text IS NULL OR method = $2)';
    await this.database.writer.query(sql, [user, method ?? null]);
  }

  async removeEnded(before: Date, limit: number): Promise<number> {
    const [, removed] = await this.database.writer.query<[unknown, number]>(
      `DELETE FROM factor_codes WHERE (bound_to, method) IN (
         SELECT bound_to, method FROM factor_codes WHERE expires_at < $1
         ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [before, limit],
    );
    return removed;
  }
}
