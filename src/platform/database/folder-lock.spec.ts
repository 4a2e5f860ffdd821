import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderInUse, lockFolder } from './folder-lock';

let folder: string;
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doorward-lock-'));
  children = [];
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Another process, alive until the test ends it. */
async function aProcess(): Promise<{ pid: number; end: () => Promise<unknown> }> {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  children.push(child);
  await once(child, 'spawn');
  const end = (): Promise<unknown> => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    return ended;
  };
  return { pid: child.pid ?? 0, end };
}

const lockFile = (): string => join(folder, 'database.lock');
const leaveLockOf = (pid: number, started = ''): void => {
  writeFileSync(lockFile(), `${pid} ${started}`);
};

describe('a folder', () => {
  it('is held by this process until freed, and then free to take', async () => {
    const free = await lockFolder(folder, 0);
    expect(readFileSync(lockFile(), 'utf8')).toMatch(new RegExp(`^${process.pid} `));

    free();
    expect(existsSync(lockFile())).toBe(false);

    const freeAgain = await lockFolder(folder, 0);
    expect(existsSync(lockFile())).toBe(true);
    freeAgain();
  });

  it('is made where there is none', async () => {
    const free = await lockFolder(join(folder, 'new', 'data'), 0);

    expect(readdirSync(join(folder, 'new', 'data'))).toEqual(['database.lock']);
    free();
  });

  it('may be freed twice', async () => {
    const free = await lockFolder(folder, 0);

    free();

    expect(free).not.toThrow();
  });
});

describe('a folder another live process holds', () => {
  it('is refused, naming the process to stop, and stays its own', async () => {
    const { pid } = await aProcess();
    leaveLockOf(pid);

    await expect(lockFolder(folder, 0)).rejects.toThrow(FolderInUse);
    await expect(lockFolder(folder, 0)).rejects.toThrow(String(pid));
    expect(readFileSync(lockFile(), 'utf8')).toBe(`${pid} `);
  });

  it('is refused after waiting as long as told', async () => {
    leaveLockOf((await aProcess()).pid);

    await expect(lockFolder(folder, 200)).rejects.toThrow(FolderInUse);
  });

  it('is taken as soon as it is freed meanwhile', async () => {
    leaveLockOf((await aProcess()).pid);
    const waiting = lockFolder(folder, 60_000);

    rmSync(lockFile());

    (await waiting)();
  });

  it('is taken as soon as its holder dies meanwhile', async () => {
    const { pid, end } = await aProcess();
    leaveLockOf(pid);
    const waiting = lockFolder(folder, 60_000);

    await end();

    (await waiting)();
  });
});

describe('a lock that cannot be', () => {
  it('read is not waited for in vain', async () => {
    mkdirSync(lockFile());
    await expect(lockFolder(folder, 0)).rejects.toThrow();
  });

  it('had twice is refused the second time, in one process too', async () => {
    const free = await lockFolder(folder, 0);
    await expect(lockFolder(folder, 0)).rejects.toThrow(FolderInUse);
    free();
    (await lockFolder(folder, 0))();
  });
});

describe('a lock left behind', () => {
  it('by a process that is gone is taken over', async () => {
    const { pid, end } = await aProcess();
    await end();
    leaveLockOf(pid);

    const free = await lockFolder(folder, 0);

    expect(readFileSync(lockFile(), 'utf8')).toMatch(new RegExp(`^${process.pid} `));
    expect(readdirSync(folder)).toEqual(['database.lock']);
    free();
  });

  it.each([
    ['by an earlier run with the number of this process', `${process.pid} 1`],
    ['without a number', ''],
    ['with a number no process has', '-1 1'],
    ['with text in place of a number', 'somebody 1'],
  ])('%s is taken over', async (_, text) => {
    writeFileSync(lockFile(), text);

    const free = await lockFolder(folder, 0);

    expect(readFileSync(lockFile(), 'utf8')).toMatch(new RegExp(`^${process.pid} `));
    free();
  });

  it('by an earlier process of the same number is taken over, where the system tells when processes started', async () => {
    const systemTells = existsSync('/proc/self/stat');
    leaveLockOf((await aProcess()).pid, '1');

    const refused = await lockFolder(folder, 0).then(
      (free) => {
        free();
        return false;
      },
      () => true,
    );

    expect(refused).toBe(!systemTells);
  });
});
