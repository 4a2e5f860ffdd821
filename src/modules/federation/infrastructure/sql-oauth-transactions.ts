import { Injectable } from '@nestjs/common';
import { sessionId, tenantId, userId } from '../../../kernel/ids';
import { SecretBox } from '../../../platform/crypto/secret-box';
import { Database } from '../../../platform/database/database';
import { OauthTransactions } from '../application/transactions/oauth-transactions.port';
import type { Linker, Transaction, TransactionKind, TransactionSecrets } from '../domain/transaction';

type Found = {
  id: string;
  state_hash: Buffer;
  browser_hash: Buffer;
  provider: string;
  kind: TransactionKind;
  secrets_sealed: Buffer;
  redirect_uri: string | null;
  tenant: string | null;
  link_user_id: string | null;
  link_session_id: string | null;
  link_tenant_id: string | null;
  created_at: Date;
  expires_at: Date;
};

const COLUMNS =
  'id, state_hash, browser_hash, provider, kind, secrets_sealed, redirect_uri, tenant, link_user_id, link_session_id, ' +
  'link_tenant_id, created_at, expires_at';

/** Secrets moved to another transaction do not open there. */
const boxContext = (id: string): string => `oauth_transactions/${id}`;

@Injectable()
export class SqlOauthTransactions extends OauthTransactions {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {
    super();
  }

  async add(transaction: Transaction): Promise<void> {
    const { id, link } = transaction;
    const secrets = Buffer.from(JSON.stringify(transaction.secrets));
    await this.database.writer.query(
      `INSERT INTO oauth_transactions (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        id,
        Buffer.from(transaction.stateHash),
        Buffer.from(transaction.browserHash),
        transaction.provider,
        transaction.kind,
        this.box.seal(secrets, boxContext(id)),
        transaction.redirectUri,
        transaction.tenant,
        link?.userId ?? null,
        link?.sessionId ?? null,
        link?.tenantId ?? null,
        transaction.createdAt,
        transaction.expiresAt,
      ],
    );
  }

  async find(stateHash: Uint8Array, provider: string): Promise<Transaction | null> {
    const sql = `SELECT ${COLUMNS} FROM oauth_transactions WHERE state_hash = $1 AND provider = $2`;
    return this.transactionOf(await this.database.reader.query<Found[]>(sql, [Buffer.from(stateHash), provider]));
  }

  async take(stateHash: Uint8Array, provider: string): Promise<Transaction | null> {
    // What DELETE answers is a pair: the rows, and how many.
    const [rows] = await this.database.writer.query<[Found[], number]>(
      `DELETE FROM oauth_transactions WHERE state_hash = $1 AND provider = $2 RETURNING ${COLUMNS}`,
      [Buffer.from(stateHash), provider],
    );
    return this.transactionOf(rows);
  }

  async waitFor(browserHash: Uint8Array, now: Date): Promise<boolean> {
    const rows = await this.database.reader.query<unknown[]>(
      'SELECT id FROM oauth_transactions WHERE browser_hash = $1 AND expires_at > $2 LIMIT 1',
      [Buffer.from(browserHash), now],
    );
    return rows.length > 0;
  }

  async removeEnded(before: Date, limit: number): Promise<number> {
    const [, removed] = await this.database.writer.query<[unknown, number]>(
      `DELETE FROM oauth_transactions WHERE id IN (
         SELECT id FROM oauth_transactions WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [before, limit],
    );
    return removed;
  }

  private transactionOf([row]: readonly Found[]): Transaction | null {
    if (!row) return null;
    return {
      id: row.id,
      stateHash: row.state_hash,
      browserHash: row.browser_hash,
      provider: row.provider,
      kind: row.kind,
      secrets: JSON.parse(this.box.open(row.secrets_sealed, boxContext(row.id)).toString()) as TransactionSecrets,
      redirectUri: row.redirect_uri,
      tenant: row.tenant,
      link: linkerOf(row),
      createdAt: row.created_at,
      expiresAt: row.expires_at,
    };
  }
}

function linkerOf({ link_user_id: user, link_session_id: session, link_tenant_id: tenant }: Found): Linker | null {
  if (user === null || session === null || tenant === null) return null;
  return { userId: userId(user), sessionId: sessionId(session), tenantId: tenantId(tenant) };
}
