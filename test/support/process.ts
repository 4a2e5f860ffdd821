import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openDatabase } from '../../src/platform/database/data-source';
import { Client } from './client';
import type { TestDatabase } from './database';
import { freePort } from './postgres-server';

export type Exit = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the start of the process to its end. */
  readonly elapsedMs: number;
};

export type Running = {
  readonly pid: number | undefined;
  /** What it has written to standard output so far. */
  readonly stdout: () => string;
  readonly exit: Promise<Exit>;
  readonly signal: (signal: NodeJS.Signals) => void;
};

export type Server = Running & {
  readonly url: string;
  readonly client: Client;
  /** Sends the signal and waits for the end; a process that stays is an error. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<Exit>;
};

export type RunOptions = {
  readonly database?: TestDatabase;
  /** Variables beside those of the database. Nothing but PATH and HOME comes from this process; no rate limits. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The working directory; left out: the database's folder, or an empty one. */
  readonly folder?: string;
  /** What stands on standard input. */
  readonly input?: string;
};

const DIST = join(__dirname, '..', '..', 'dist');
const MAIN = join(DIST, 'main.js');
export const CLI = join(DIST, 'cli.js');
const BASELINE_WASM = join(__dirname, 'baseline-wasm.cjs');
const PATIENCE_MS = 40_000;
const POLL_MS = 25;

const children = new Set<ChildProcess>();
const databases = new Set<TestDatabase>();
const folders = new Set<string>();

/** Ends every process this suite started and removes its databases and folders. */
export async function cleanUp(): Promise<void> {
  const ends = [...children].map((child) => new Promise((resolve) => child.once('close', resolve)));
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(ends);
  await Promise.all([...databases].map((database) => database.drop()));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  databases.clear();
  folders.clear();
}

export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'doorward-empty-'));
  folders.add(folder);
  return folder;
}

/** The built service on a free port, once it answers. Throws with its last words when it ends instead. */
export async function startServer(options: RunOptions = {}, command: readonly string[] = [MAIN]): Promise<Server> {
  const port = options.variables?.PORT ?? String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const variables = { PORT: port, ...options.variables };
  const running = run(command, { ...options, variables });
  let ended: Exit | undefined;
  void running.exit.then((exit) => (ended = exit));
  await until(`the server answers at ${url}`, async () => {
    if (ended) throw new Error(`The server ended with ${ended.code}: ${ended.stderr}\n${ended.stdout}`);
    return (await fetch(`${url}/health/live`).catch(() => null))?.status === 200;
  });
  const stop = (signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> => {
    running.signal(signal);
    return bounded(running.exit, `the server ends after ${signal}`);
  };
  return { ...running, url, client: new Client(url), stop };
}

/** The same through the command line. */
export function startByCommand(options: RunOptions = {}): Promise<Server> {
  return startServer(options, [CLI, 'start']);
}

/** A server that is expected to end by itself, and how it did. */
export async function serverThatEnds(options: RunOptions = {}): Promise<Exit> {
  const variables = { PORT: String(await freePort()), ...options.variables };
  return bounded(run([MAIN], { ...options, variables }).exit, 'the server ends by itself');
}

/** One command in a process of its own, to its end. */
export function doorward(words: readonly string[], options: RunOptions = {}): Promise<Exit> {
  return bounded(run([CLI, ...words], options).exit, `doorward ${words.join(' ')} ends`);
}

function run(command: readonly string[], options: RunOptions): Running {
  const begun = performance.now();
  const child = spawned(command, options);
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.stderr += text));
  // A process that ends before it has read all is no error of the test.
  child.stdin.on('error', () => undefined).end(options.input ?? '');
  const exit = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal, ...written, elapsedMs: performance.now() - begun });
    });
  });
  return { pid: child.pid, stdout: () => written.stdout, exit, signal: (signal) => child.kill(signal) };
}

/** A process of the built service or of a script beside it, which `cleanUp` ends at the latest. */
export function spawned(command: readonly string[], options: RunOptions): ChildProcessWithoutNullStreams {
  if (!existsSync(MAIN)) throw new Error('There is no dist/main.js: run `npm run build` first');
  const { variables: env, folder: cwd } = placeOf(options);
  const child = spawn(process.execPath, ['--require', BASELINE_WASM, ...command], { cwd, env });
  children.add(child);
  child.once('close', () => children.delete(child));
  return child;
}

/** All variables a process finds, and the folder it runs in. */
export function placeOf({
  database,
  variables = {},
  folder = database?.variables.DATA_DIR ?? emptyFolder(),
}: RunOptions) {
  if (database) databases.add(database);
  const { PATH, HOME } = process.env;
  return { folder, variables: { PATH, HOME, RATE_LIMITS: 'off', ...database?.variables, ...variables } };
}

/** Asks again and again until the answer is yes; gives up after a while, naming what did not come. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Waited in vain: ${what}`);
    await wait(POLL_MS);
  }
}

/** The result, unless it takes too long. */
export async function bounded<T>(result: Promise<T>, what: string): Promise<T> {
  const late = new AbortController();
  const refusal = wait(PATIENCE_MS, undefined, { signal: late.signal }).then(() => {
    throw new Error(`Waited in vain: ${what}`);
  });
  try {
    return await Promise.race([result, refusal]);
  } finally {
    refusal.catch(() => undefined);
    late.abort();
  }
}

/** Looks into the database itself. An embedded one only while no process has it. */
export async function rows<Row>(database: TestDatabase, sql: string, values: readonly string[] = []): Promise<Row[]> {
  const { DATABASE_URL: databaseUrl, DATA_DIR: dataDir = '' } = database.variables;
  const store = { databaseUrl, dataDir, poolSize: 1, redisUrl: undefined, masterKey: undefined };
  const { source, close } = await openDatabase(store, [], 0);
  try {
    return await source.query<Row[]>(sql, [...values]);
  } finally {
    await close();
  }
}

/** The passwords shown on a terminal. */
export function shownPasswords(text: string): readonly string[] {
  return [...text.matchAll(/One-time password\s+(\S+)/gi)].map(([, password = '']) => password);
}

/** How often a text occurs in another. */
export function occurrences(text: string, part: string): number {
  return text.split(part).length - 1;
}
