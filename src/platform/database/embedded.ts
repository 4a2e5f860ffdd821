import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite' with { 'resolution-mode': 'import' };
import { lockFolder } from './folder-lock';

export type Embedded = { readonly extra: object; readonly close: () => Promise<void> };

/**
 * A PostgreSQL inside this process, kept in `dataDir` (`memory://` keeps nothing). For development: it has one
 * session, and does not survive a power cut. Throws FolderInUse when another process has the folder.
 */
export async function openEmbedded(dataDir: string, patienceMs: number): Promise<Embedded> {
  const { PGlite } = await import('@electric-sql/pglite');
  const inMemory = dataDir.startsWith('memory://');
  const free = inMemory ? () => undefined : await lockFolder(dataDir, patienceMs);
  try {
    const engine = await PGlite.create(inMemory ? dataDir : ownFolder(dataDir));
    return await served(engine, free);
  } catch (error) {
    free();
    throw error;
  }
}

/** The engine makes files anybody may read, so nobody else gets as far as the files. */
function ownFolder(dataDir: string): string {
  const folder = join(dataDir, 'postgres');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  return folder;
}

/** `engine` behind the same driver a server is reached by; whoever opened it sees it closed through `close`. */
export async function served(engine: PGlite, free: () => void = () => undefined): Promise<Embedded> {
  const { createPgConfig } = await import('@electric-sql/pglite/node-postgres');
  yieldBetweenQueries(engine);
  return {
    extra: Object.assign(createPgConfig(engine), { max: 1, idleTimeoutMillis: 0, connectionTimeoutMillis: 10_000 }),
    close: async () => {
      await engine.close();
      free();
    },
  };
}

/** The engine answers in microtasks alone: without this, a loop of nothing but queries starves timers and sockets. */
function yieldBetweenQueries(engine: PGlite): void {
  const methods = engine as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  for (const name of ['execProtocolRaw', 'execProtocolRawStream']) {
    const run = methods[name]?.bind(engine);
    if (!run) throw new Error(`The embedded database has no ${name}`);
    methods[name] = async (...args) => {
      await new Promise(setImmediate);
      return run(...args);
    };
  }
}
