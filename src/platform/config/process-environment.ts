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
