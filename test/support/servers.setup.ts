import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { ROWS } from '../../src/app.module';
import { connected } from '../../src/platform/database/data-source';
import { openEmbedded } from '../../src/platform/database/embedded';
import { migrate } from '../../src/platform/database/migrations';
import { startPostgres, type OwnServer } from './postgres-server';
import { startRedis } from './redis-server';

export type StartedServers = { readonly servers: OwnServer[]; readonly embeddedTemplate: string };
type Global = typeof globalThis & { __doorward?: StartedServers };

export const TEMPLATE = 'doorward_template';

/** The servers of the tests: those named by TEST_… variables, else their own; never one that merely happens to listen. */
export default async function setup(): Promise<void> {
  const servers: OwnServer[] = [];
  const embeddedTemplate = mkdtempSync(join(tmpdir(), 'doorward-embedded-'));
  (globalThis as Global).__doorward = { servers, embeddedTemplate };
  const [postgres, redis] = await Promise.all([
    process.env.TEST_DATABASE_URL === undefined ? startPostgres() : null,
    process.env.TEST_REDIS_URL === undefined ? startRedis() : null,
  ]);
  for (const server of [postgres, redis]) if (server) servers.push(server);
  // A test that ends the process skips the teardown.
  process.once('exit', () => {
    for (const server of servers) void server.stop();
  });
  if (postgres) process.env.TEST_DATABASE_URL = postgres.url;
  if (redis) process.env.TEST_REDIS_URL = redis.url;
  process.env.TEST_EMBEDDED_TEMPLATE = embeddedTemplate;

  const url = process.env.TEST_DATABASE_URL;
  await Promise.all([
    url === undefined ? undefined : makePostgresTemplate(url),
    makeEmbeddedTemplate(embeddedTemplate),
  ]);
}

/** Migrated once; every suite works on a clone. */
async function makePostgresTemplate(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${TEMPLATE}`);
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  await client.end();
  const source = await connected(ROWS, { url: databaseOf(url, TEMPLATE) });
  await migrate(source);
  await source.destroy();
}

async function makeEmbeddedTemplate(folder: string): Promise<void> {
  const embedded = await openEmbedded(folder, 0);
  const source = await connected(ROWS, { extra: embedded.extra });
  await migrate(source);
  await source.destroy();
  await embedded.close();
}

/** The address of another database of the same server. */
export function databaseOf(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}
