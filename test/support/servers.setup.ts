import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { ROWS } from '../../src/app.module';
import { connected } from '../../src/platform/database/data-source';
import { openEmbedded } from '../../src/platform/database/embedded';
import { migrate } from '../../src/platform/database/migrations';
import './baseline-wasm.cjs';
import { startPostgres, type OwnServer } from './postgres-server';
import { startRedis } from './redis-server';

export type StartedServers = { readonly servers: OwnServer[]; readonly folder: string };
type Global = typeof globalThis & { __doorward?: StartedServers };

export const TEMPLATE = 'doorward_template';

/** Files in memory, where there is such a place: a database is a thousand of them, and nobody wants to keep it. */
const MEMORY = '/dev/shm';
const ROOM_BYTES = 2 * 1024 ** 3;
const FOLDERS = 'doorward-tests-';
const FORGOTTEN_MS = 3_600_000;

/** The servers of the tests: those named by TEST_… variables, else their own; never one that merely happens to listen. */
export default async function setup(): Promise<void> {
  const servers: OwnServer[] = [];
  const folder = aFolderOfThisRun();
  process.env.TMPDIR = folder;
  (globalThis as Global).__doorward = { servers, folder };
  const [postgres, redis] = await Promise.all([
    process.env.TEST_DATABASE_URL === undefined ? startPostgres() : null,
    process.env.TEST_REDIS_URL === undefined ? startRedis() : null,
  ]);
  for (const server of [postgres, redis]) if (server) servers.push(server);
  // A test that ends the process skips the teardown.
  process.once('exit', () => {
    for (const server of servers) void server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  if (postgres) process.env.TEST_DATABASE_URL = postgres.url;
  if (redis) process.env.TEST_REDIS_URL = redis.url;
  const embeddedTemplate = mkdtempSync(join(folder, 'doorward-embedded-'));
  process.env.TEST_EMBEDDED_TEMPLATE = embeddedTemplate;

  const url = process.env.TEST_DATABASE_URL;
  await Promise.all([
    url === undefined ? undefined : makePostgresTemplate(url),
    makeEmbeddedTemplate(embeddedTemplate),
  ]);
}

/** For all that this run puts on a disk. Those of runs that were killed are removed. */
function aFolderOfThisRun(): string {
  const place = process.env.TMPDIR ?? (hasRoom(MEMORY) ? MEMORY : tmpdir());
  for (const name of readdirSync(place).filter((each) => each.startsWith(FOLDERS))) {
    const left = join(place, name);
    const touched = statSync(left, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (Date.now() - touched > FORGOTTEN_MS) rmSync(left, { recursive: true, force: true });
  }
  const folder = mkdtempSync(join(place, FOLDERS));
  // PostgreSQL may run as somebody else.
  chmodSync(folder, 0o755);
  return folder;
}

function hasRoom(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= ROOM_BYTES;
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
