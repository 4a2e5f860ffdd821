import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/**
 * The variables of this process; in development those of a `.env` file in `folder` too, where the process has none
 * of that name.
 */
export function processEnvironment(folder: string = process.cwd()): Record<string, string | undefined> {
  const file = join(folder, '.env');
  const development = (process.env.NODE_ENV || 'development') === 'development';
  if (!development || !existsSync(file)) return process.env;
  // A file that is read in development alone cannot say that this is production.
  const { NODE_ENV: _mode, ...variables } = parseEnv(readFileSync(file, 'utf8'));
  return { ...variables, ...process.env };
}

/** For what else Node does on its threads: names of hosts, files. */
const OTHER_THREADS = 4;

/**
 * Gives this process a thread for each password that is hashed at once, and some for everything else, which would
 * otherwise wait behind them. Only before the first use of a thread; whoever set UV_THREADPOOL_SIZE knows better.
 */
export function makeThreadsFor(hashing: number): void {
  process.env.UV_THREADPOOL_SIZE ??= String(hashing + OTHER_THREADS);
}
