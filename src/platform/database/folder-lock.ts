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
  for (let waited = 0; !tryToCreate(file); waited += RETRY_MS) {
    const lock = read(file);
    if (lock !== null && !isAlive(holderOf(lock))) removeStale(file, lock);
    else if (waited >= patienceMs) throw new FolderInUse(holderOf(lock ?? '').pid);
    if (waited >= RETRY_MS) await wait(RETRY_MS);
  }
  const free = (): void => {
    process.removeListener('exit', free);
    rmSync(file, { force: true });
  };
  process.once('exit', free);
  return free;
}

type Holder = { readonly pid: number; readonly started: string };

/** Written aside and linked into place: whoever finds the lock finds its holder in it. */
function tryToCreate(file: string): boolean {
  const aside = `${file}.${process.pid}.new`;
  writeFileSync(aside, `${process.pid} ${startOf(process.pid) ?? ''}`, { mode: 0o600 });
  return succeeds(
    () => {
      linkSync(aside, file);
    },
    () => {
      rmSync(aside, { force: true });
    },
  );
}

/** The lock as it is written; null when there is none. Throws when it cannot be read. */
function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function holderOf(lock: string): Holder {
  const [pid = '', started = ''] = lock.split(' ');
  return { pid: Number(pid), started };
}

/** A process number is used again sooner or later (always 1 in a container), so its start counts too where we can see it. */
function isAlive({ pid, started }: Holder): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  const start = startOf(pid);
  if (pid === process.pid) return started !== '' && start === started;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
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
function removeStale(file: string, stale: string): void {
  const aside = `${file}.${process.pid}.stale`;
  const moved = succeeds(() => {
    renameSync(file, aside);
  });
  if (moved && read(aside) !== stale)
    succeeds(() => {
      linkSync(aside, file);
    });
  rmSync(aside, { force: true });
}

/** False when another process was faster; any other trouble is thrown. */
function succeeds(step: () => void, afterwards: () => void = () => undefined): boolean {
  try {
    step();
    return true;
  } catch (error) {
    if (['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  } finally {
    afterwards();
  }
}
