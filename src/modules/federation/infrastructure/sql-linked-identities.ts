import { Injectable } from '@nestjs/common';
import { type UserId, userId } from '../../../kernel/ids';
import { SecretBox } from '../../../platform/crypto/secret-box';
import { Database } from '../../../platform/database/database';
import { violatedUnique } from '../../../platform/database/failures';
import { LinkedIdentities, type LinkedIdentity } from '../application/links/linked-identities.port';
import type { ProviderTokens } from '../application/providers/identity-provider.port';
import { LinkedMeanwhile } from '../domain/errors';

type Found = {
  id: string;
  user_id: string;
  provider: string;
  issuer: string;
  subject: string;
  email: string | null;
  linked_at: Date;
  last_login_at: Date | null;
  made_account: boolean;
};

type KeptTokens = Omit<ProviderTokens, 'expiresAt'>;

const COLUMNS = 'id, user_id, provider, issuer, subject, email, linked_at, last_login_at, made_account';
const IN_ORDER = 'ORDER BY linked_at, id';
const KEPT = 'tokens_sealed IS NOT NULL';
const DROPPING = 'UPDATE linked_identities SET tokens_sealed = NULL, tokens_expire_at = NULL';

/** Tokens moved to another identity do not open there. */
const boxContext = (id: string): string => `linked_identities/${id}`;

@Injectable()
export class SqlLinkedIdentities extends LinkedIdentities {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {
    super();
  }

  async find(issuer: string, subject: string): Promise<LinkedIdentity | null> {
    const sql = `SELECT ${COLUMNS} FROM linked_identities WHERE issuer = $1 AND subject = $2`;
    const [row] = await this.database.reader.query<Found[]>(sql, [issuer, subject]);
    return row ? identityOf(row) : null;
  }

  async take(issuer: string, subject: string): Promise<LinkedIdentity | null> {
    const sql = `SELECT ${COLUMNS} FROM linked_identities WHERE issuer = $1 AND subject = $2 FOR UPDATE`;
    const [row] = await this.database.writer.query<Found[]>(sql, [issuer, subject]);
    return row ? identityOf(row) : null;
  }

  async listOf(user: UserId): Promise<readonly LinkedIdentity[]> {
    const sql = `SELECT ${COLUMNS} FROM linked_identities WHERE user_id = $1 ${IN_ORDER}`;
    return (await this.database.reader.query<Found[]>(sql, [user])).map(identityOf);
  }

  async takeAllOf(user: UserId): Promise<readonly LinkedIdentity[]> {
    const sql = `SELECT ${COLUMNS} FROM linked_identities WHERE user_id = $1 ${IN_ORDER} FOR UPDATE`;
    return (await this.database.writer.query<Found[]>(sql, [user])).map(identityOf);
  }

  async add(identity: LinkedIdentity): Promise<void> {
    const { id, userId: user, provider, issuer, subject, email, linkedAt, lastLoginAt, madeAccount } = identity;
    try {
      await this.database.writer.query(
        `INSERT INTO linked_identities (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [id, user, provider, issuer, subject, email, linkedAt, lastLoginAt, madeAccount],
      );
    } catch (error) {
      throw violatedUnique(error)?.startsWith('linked_identities_') === true
        ? new LinkedMeanwhile({ cause: error })
        : error;
    }
  }

  async noteLogin(id: string, email: string | null, at: Date): Promise<void> {
    const sql = 'UPDATE linked_identities SET email = $2, last_login_at = $3 WHERE id = $1';
    await this.database.writer.query(sql, [id, email, at]);
  }

  async remove(id: string): Promise<void> {
    await this.database.writer.query('DELETE FROM linked_identities WHERE id = $1', [id]);
  }

  async keepTokens(id: string, { expiresAt, ...tokens }: ProviderTokens): Promise<void> {
    const sealed = this.box.seal(Buffer.from(JSON.stringify(tokens satisfies KeptTokens)), boxContext(id));
    const sql = 'UPDATE linked_identities SET tokens_sealed = $2, tokens_expire_at = $3 WHERE id = $1';
    await this.database.writer.query(sql, [id, sealed, expiresAt]);
  }

  async dropTokens(id: string): Promise<void> {
    await this.database.writer.query(`${DROPPING} WHERE id = $1 AND ${KEPT}`, [id]);
  }

  async dropAllTokens(limit: number): Promise<number> {
    const [, dropped] = await this.database.writer.query<[unknown, number]>(
      `${DROPPING} WHERE id IN (SELECT id FROM linked_identities WHERE ${KEPT} LIMIT $1 FOR UPDATE SKIP LOCKED)`,
      [limit],
    );
    return dropped;
  }

  async tokensOf(id: string): Promise<ProviderTokens | null> {
    const [row] = await this.database.reader.query<{ sealed: Buffer | null; expires_at: Date | null }[]>(
      'SELECT tokens_sealed AS sealed, tokens_expire_at AS expires_at FROM linked_identities WHERE id = $1',
      [id],
    );
    if (!row?.sealed) return null;
    const tokens = JSON.parse(this.box.open(row.sealed, boxContext(id)).toString()) as KeptTokens;
    return { ...tokens, expiresAt: row.expires_at };
  }
}

function identityOf(row: Found): LinkedIdentity {
  return {
    id: row.id,
    userId: userId(row.user_id),
    provider: row.provider,
    issuer: row.issuer,
    subject: row.subject,
    email: row.email,
    linkedAt: row.linked_at,
    lastLoginAt: row.last_login_at,
    madeAccount: row.made_account,
  };
}
