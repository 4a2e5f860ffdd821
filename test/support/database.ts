import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { databaseOf, TEMPLATE } from './servers.setup';

export type TestDatabase = {
  readonly kind: 'postgres' | 'embedded';
  /** The variables under which the service uses this database. */
  readonly variables: Readonly<Record<string, string>>;
  readonly drop: () => Promise<void>;
};

/** What the journeys run on: both, or the embedded one alone where the machine has no PostgreSQL. */
export const DATABASES: readonly TestDatabase['kind'][] =
  process.env.TEST_DATABASE_URL === undefined ? ['embedded'] : ['postgres', 'embedded'];

/** For journeys in which the database is not the subject: that both do the same is what the contracts ask. */
export const ONE_DATABASE: readonly TestDatabase['kind'][] = DATABASES.slice(0, 1);

/** A migrated database of the suite's own. */
export function aDatabase(kind: TestDatabase['kind'] = DATABASES[0] ?? 'embedded'): Promise<TestDatabase> {
  return kind === 'postgres' ? createPostgres(TEMPLATE) : Promise.resolve(copyEmbedded());
}

/** A database of the suite's own with nothing in it yet. */
export function anEmptyDatabase(kind: TestDatabase['kind'] = DATABASES[0] ?? 'embedded'): Promise<TestDatabase> {
  return kind === 'postgres' ? createPostgres('template1') : Promise.resolve(embeddedIn(aFolder()));
}

async function createPostgres(template: string): Promise<TestDatabase> {
  const server = process.env.TEST_DATABASE_URL ?? '';
  const name = `doorward_${randomBytes(6).toString('hex')}`;
  await administer(server, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  const dataDir = aFolder();
  return {
    kind: 'postgres',
    variables: { DATABASE_URL: databaseOf(server, name), DATA_DIR: dataDir },
    drop: async () => {
      await administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function copyEmbedded(): TestDatabase {
  const dataDir = aFolder();
  cpSync(process.env.TEST_EMBEDDED_TEMPLATE ?? '', dataDir, { recursive: true });
  return embeddedIn(dataDir);
}

function aFolder(): string {
  return mkdtempSync(join(tmpdir(), 'doorward-data-'));
}

function embeddedIn(dataDir: string): TestDatabase {
  return {
    kind: 'embedded',
    variables: { DATA_DIR: dataDir },
    drop: () => {
      rmSync(dataDir, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

/** One clone at a time: a template must have no other user while it is copied. */
async function administer(server: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock(1)');
    await client.query(sql);
  } finally {
    await client.end();
  }
}
