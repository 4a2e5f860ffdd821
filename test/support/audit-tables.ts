import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';

export const PARTITIONED = 'audit_events';
export const KEPT_TABLES = ['audit_events', 'audit_seals', 'audit_archives', 'audit_keys', 'audit_secrets'] as const;

/** Who asks: the role the service works as, an ordinary role that owns the tables, or who may do anything. */
export type Asker = 'the service' | 'the owner of the tables' | 'a superuser';
export const ASKERS: readonly Asker[] = ['the service', 'the owner of the tables', 'a superuser'];

const OWNER = 'doorward_test_tables_owner';

/** Runs the statements as `asker` and rolls all of it back; throws what the database refused. */
export async function attempted(source: DataSource, asker: Asker, sql: string): Promise<void> {
  const runner = source.createQueryRunner();
  await runner.query('START TRANSACTION');
  try {
    if (asker === 'the service') {
      await runner.query(`SET LOCAL ROLE doorward_service; SET LOCAL doorward.tenant_id = '*'`);
    } else if (asker === 'the owner of the tables') {
      await becomeOwner(runner.manager);
    }
    await runner.query(sql);
  } finally {
    await runner.query('ROLLBACK');
    await runner.release();
  }
}

/** The tests' own owner may do anything; most owners may not. */
async function becomeOwner(manager: EntityManager): Promise<void> {
  await manager.query(`CREATE ROLE ${OWNER} NOSUPERUSER NOCREATEROLE; GRANT CREATE ON SCHEMA public TO ${OWNER}`);
  for (const table of [...KEPT_TABLES, 'audit_person_keys', ...(await monthsOf(manager))]) {
    await manager.query(
      `ALTER TABLE ${table} OWNER TO ${OWNER}; CREATE POLICY of_test ON ${table} TO ${OWNER} USING (true)`,
    );
  }
  await manager.query(`SET LOCAL ROLE ${OWNER}`);
}

/** The tables of the months there are, and the one for all others. */
export async function monthsOf(source: Pick<DataSource, 'query'>): Promise<readonly string[]> {
  const rows = await source.query<{ name: string }[]>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit_events'::regclass ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

export type PutEvent = { readonly at: Date | string; readonly tenant?: string | null; readonly user?: string | null };

/** An event that the service did not write, for what it takes to be kept and found. Returns its id. */
export async function putEvent(
  source: Pick<DataSource, 'query'>,
  { at, tenant = null, user = null }: PutEvent,
): Promise<string> {
  const id = randomUUID();
  await source.query(
    `INSERT INTO audit_events (id, occurred_at, tenant_id, user_id, actor, action, outcome, risk_score, details)
     VALUES ($1, $2, $3, $4, 'system', 'role.created', 'success', 0, '{}')`,
    [id, at, tenant, user],
  );
  return id;
}

/** A key, a seal and an archive: made up, but as the tables want them. */
export async function putSealed(source: DataSource): Promise<void> {
  await source.query(
    `INSERT INTO audit_keys (id, public_key, private_key_sealed, created_at) VALUES ('a-key', '\\x01', '\\x02', now())`,
  );
  await source.query(
    `INSERT INTO audit_seals (number, previous, hash, month, first_sequence, last_sequence, events, sequences,
                              sequences_hash, leaves, root, tenants, tenants_hash, foreign_sequences, unsigned, sealed_at, key_id, signature)
     VALUES (1, '\\x00', '\\x01', '2026-01-01', 1, 1, 1, '{1}', '\\x04', decode(repeat('00', 32), 'hex'), '\\x02',
             '{}', '\\x05', '{}', 0,
             now(), 'a-key', '\\x03')`,
  );
  await source.query(
    `INSERT INTO audit_archives (month, through_seal, events, file_sha256, archived_at, key_id, signature)
     VALUES ('2025-12-01', 1, 1, '\\x01', now(), 'a-key', '\\x02')`,
  );
}
