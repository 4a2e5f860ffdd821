import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../test/support/postgres-server';

export type Service = { readonly url: string; readonly stop: () => Promise<void> };

const MAIN = join(process.cwd(), 'dist', 'main.js');
const PATIENCE_MS = 60_000;

/** The built service in a process of its own: production settings, rate limits lifted, everything else on. */
export async function startService(databaseUrl: string): Promise<Service> {
  const [port, folder] = [await freePort(), mkdtempSync(join(tmpdir(), 'doorward-bench-'))];
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      NODE_ENV: 'production',
      PORT: String(port),
      PUBLIC_URL: 'http://localhost',
      DATABASE_URL: databaseUrl,
      DATA_DIR: folder,
      MASTER_KEY: randomBytes(32).toString('base64'),
      EMAIL_VERIFICATION: 'optional',
      RATE_LIMITS: 'off',
      LOG_LEVEL: 'error',
    },
  });
  const url = `http://127.0.0.1:${port}`;
  for (let waited = 0; !(await isLive(url)); waited += 100) {
    if (waited > PATIENCE_MS || child.exitCode !== null) throw new Error('The service did not start');
    await wait(100);
  }
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function isLive(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/health/live`).catch(() => null);
  return answer?.status === 200;
}
