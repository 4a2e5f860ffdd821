import { Injectable } from '@nestjs/common';
import { type SessionId, type UserId } from '../../../../kernel/ids';
import { Database } from '../../../../platform/database/database';
import { MailedSecrets } from '../../application/mailbox/mailed-secrets.port';
import { type MailedPurpose, MailedSecret, replacesOlder } from '../../domain/mailbox/mailed-secret';

type Found = {
  id: string;
  purpose: MailedPurpose;
  user_id: UserId | null;
  address: string | null;
  address_key: Uint8Array;
  session_id: SessionId | null;
  token_hash: Uint8Array;
  code_hash: Uint8Array | null;
  wrong_codes: number;
  created_at: Date;
  expires_at: Date;
  code_expires_at: Date | null;
};

const COLUMNS =
  'id, purpose, user_id, address, address_key, session_id, token_hash, code_hash, wrong_codes, created_at, ' +
  'expires_at, code_expires_at';
const CHANGED = COLUMNS.split(', ').filter((column) => !['purpose', 'user_id', 'wrong_codes'].includes(column));
// A wrong code that was typed a moment ago, or for another mailbox in between, is not forgotten.
const REPLACES = `DO UPDATE SET ${CHANGED.map((column) => `${column} = EXCLUDED.${column}`).join(', ')},
       wrong_codes = GREATEST(mailed_secrets.wrong_codes, EXCLUDED.wrong_codes)`;

@Injectable()
export class SqlMailedSecrets extends MailedSecrets {
  constructor(private readonly database: Database) {
    super();
  }

  /** One statement, whosever it is: of two at once one is the newer. */
  async put(secret: MailedSecret): Promise<void> {
    const s = secret.snapshot();
    await this.database.writer.query(
      `INSERT INTO mailed_secrets (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
       ${conflictOf(s.purpose, s.userId)}`,
      [
        s.id,
        s.purpose,
        s.userId,
        s.address,
        bytesOf(s.addressKey),
        s.sessionId,
        bytesOf(s.tokenHash),
        s.codeHash && bytesOf(s.codeHash),
        s.wrongCodes,
        s.createdAt,
        s.expiresAt,
        s.codeExpiresAt,
      ],
    );
  }

  async save(secret: MailedSecret): Promise<void> {
    const { id, wrongCodes } = secret.snapshot();
    await this.database.writer.query('UPDATE mailed_secrets SET wrong_codes = $2 WHERE id = $1', [id, wrongCodes]);
  }

  async findByToken(purpose: MailedPurpose, tokenHash: Uint8Array): Promise<MailedSecret | null> {
    const sql = `SELECT ${COLUMNS} FROM mailed_secrets WHERE token_hash = $1 AND purpose = $2`;
    const [found] = await this.database.reader.query<Found[]>(sql, [bytesOf(tokenHash), purpose]);
    return found ? secretOf(found) : null;
  }

  async wrongCodesOf(purpose: MailedPurpose, addressKey: Uint8Array): Promise<number> {
    const sql = 'SELECT max(wrong_codes) AS most FROM mailed_secrets WHERE address_key = $1 AND purpose = $2';
    const [found] = await this.database.reader.query<{ most: number | null }[]>(sql, [bytesOf(addressKey), purpose]);
    return found?.most ?? 0;
  }

  /** Who holds them all would wait in a circle with who uses one and ends the others. */
  async takeOfMailbox(purpose: MailedPurpose, addressKey: Uint8Array): Promise<readonly MailedSecret[]> {
    const values = [purpose, bytesOf(addressKey)];
    const newestFirst = `SELECT ${COLUMNS} FROM mailed_secrets WHERE purpose = $1 AND address_key = $2
       ORDER BY created_at DESC, id DESC`;
    await this.database.writer.query(`${newestFirst} LIMIT 1 FOR UPDATE`, values);
    return (await this.database.writer.query<Found[]>(newestFirst, values)).map(secretOf);
  }

  async remove(id: string): Promise<MailedSecret | null> {
    const sql = `DELETE FROM mailed_secrets WHERE id = $1 RETURNING ${COLUMNS}`;
    // What DELETE answers is a pair: the rows, and how many.
    const [[removed]] = await this.database.writer.query<[Found[], number]>(sql, [id]);
    return removed ? secretOf(removed) : null;
  }

  removeAllOf(user: UserId, purposes: readonly MailedPurpose[]): Promise<void> {
    return this.removeAllOfMany([user], purposes);
  }

  async removeAllOfMany(users: readonly UserId[], purposes: readonly MailedPurpose[]): Promise<void> {
    const sql = removalWhere('user_id = ANY ($1::uuid[]) AND purpose = ANY ($2)');
    await this.database.writer.query(sql, [users, purposes]);
  }

  async removeUndosAfter(user: UserId, after: Date): Promise<void> {
    const sql = removalWhere(`user_id = $1 AND purpose = 'email_change_undo' AND created_at > $2`);
    await this.database.writer.query(sql, [user, after]);
  }

  async isHeld(addressKey: Uint8Array, except: UserId, now: Date): Promise<boolean> {
    const found = await this.database.reader.query<unknown[]>(
      `SELECT 1 FROM mailed_secrets
       WHERE address_key = $1 AND purpose = 'email_change_undo' AND user_id <> $2 AND expires_at > $3 LIMIT 1`,
      [bytesOf(addressKey), except, now],
    );
    return found.length > 0;
  }

  async removeEnded(before: Date, limit: number): Promise<number> {
    const [, removed] = await this.database.writer.query<[unknown, number]>(
      `DELETE FROM mailed_secrets WHERE id IN (
         SELECT id FROM mailed_secrets WHERE expires_at < $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [before, limit],
    );
    return removed;
  }
}

/** In one order for everybody who takes several. */
const removalWhere = (condition: string): string =>
  `DELETE FROM mailed_secrets WHERE id IN (SELECT id FROM mailed_secrets WHERE ${condition} ORDER BY id FOR UPDATE)`;

/** Which older one the new one takes the place of. */
function conflictOf(purpose: MailedPurpose, user: UserId | null): string {
  if (!replacesOlder(purpose)) return '';
  const [column, isWhose] = user === null ? ['address_key', 'user_id IS NULL'] : ['user_id', 'user_id IS NOT NULL'];
  return `ON CONFLICT (purpose, ${column}) WHERE ${isWhose} AND purpose IN ('password_reset', 'email_change') ${REPLACES}`;
}

/** The driver wants its own kind of bytes. */
function bytesOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes);
}

function secretOf(row: Found): MailedSecret {
  return MailedSecret.restore({
    id: row.id,
    purpose: row.purpose,
    userId: row.user_id,
    address: row.address,
    addressKey: row.address_key,
    sessionId: row.session_id,
    tokenHash: row.token_hash,
    codeHash: row.code_hash,
    wrongCodes: row.wrong_codes,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    codeExpiresAt: row.code_expires_at,
  });
}
