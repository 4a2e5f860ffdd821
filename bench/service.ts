import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
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

export async function createDatabase(server: string, name: string): Promise<string> {
  const client = new Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

export async function post({ url }: Service, path: string, json: object): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(json) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}

export async function tokenOf(service: Service, email: string, password: string): Promise<string> {
  return String((await post(service, '/auth/login', { username: email, password })).access_token);
}
