import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Another live process has the folder. */
export class FolderInUse extends Error {
  constructor(holder: number) {
    super(`The embedded database is in use by process ${holder}. Stop it first, or set DATABASE_URL.`);
  }
}

const RETRY_MS = 100;

/**
 * Holds a folder for this process: an embedded database has no lock of its own, and a second process on the same
 * files loses commits without a word. A lock whose holder is gone is taken over. Waits up to `patienceMs`.
 * Returns what frees it; throws FolderInUse.
 */
export async function lockFolder(folder: string, patienceMs: number): Promise<() => void> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'database.lock');
  for (let waited = 0; ; waited += RETRY_MS) {
    if (tryToCreate(file)) break;
    const holder = read(file);
    if (holder !== null && isAlive(holder)) {
      if (waited >= patienceMs) throw new FolderInUse(holder.pid);
      await wait(RETRY_MS);
    } else if (holder !== null) {
      removeStale(file, holder);
    }
  }
  const free = (): void => {
    process.removeListener('exit', free);
    rmSync(file, { force: true });
  };
  process.once('exit', free);
  return free;
}

type Holder = { readonly pid: number; readonly started: string };

function tryToCreate(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid} ${startOf(process.pid) ?? ''}`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(file: string): Holder | null {
  try {
    const [pid = '', started = ''] = readFileSync(file, 'utf8').split(' ');
    return { pid: Number(pid), started };
  } catch {
    return null;
  }
}

/** A process number is used again sooner or later (always 1 in a container), so its start counts too where we can see it. */
function isAlive({ pid, started }: Holder): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const start = startOf(pid);
  return start !== 'defunct' && (start === null || started === '' || start === started);
}

/** When a process started, in the kernel's ticks; null where there is no /proc to ask. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'defunct' : (fields[19] ?? null);
  } catch {
    return null;
  }
}

/** Two processes may find the same stale lock: the one that moved a fresh lock away by mistake puts it back. */
function removeStale(file: string, stale: Holder): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    const moved = read(aside);
    if (moved?.pid !== stale.pid || moved.started !== stale.started) linkSync(aside, file);
  } catch {
    // Somebody else was faster; the next round looks again.
  }
  rmSync(aside, { force: true });
}
