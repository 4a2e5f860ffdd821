import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort, type OwnServer, stopped } from './postgres-server';

export type RedisServer = OwnServer & {
  /** It goes on listening and says nothing. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** A command of the test's own. */
  readonly command: (name: string, ...words: readonly string[]) => Promise<unknown>;
};

/** A Redis of the tests' own, from a binary found on the machine; null when there is none. */
export async function startRedis(port?: number): Promise<RedisServer | null> {
  const binary = (process.env.PATH ?? '')
    .split(':')
    .map((folder) => join(folder, 'redis-server'))
    .find(existsSync);
  if (binary === undefined) return null;
  const folder = mkdtempSync(join(tmpdir(), 'doorward-redis-'));
  const listening = String(port ?? (await freePort()));
  const server = spawn(binary, ['--port', listening, '--bind', '127.0.0.1', '--save', '', '--dir', folder], {
    stdio: 'ignore',
  });
  const url = `redis://127.0.0.1:${listening}`;
  await Promise.race([
    command(url, 'PING'),
    wait(10_000, undefined, { ref: false }).then(() => Promise.reject(new Error('redis-server does not answer'))),
  ]);
  return {
    url,
    pause: () => server.kill('SIGSTOP'),
    resume: () => server.kill('SIGCONT'),
    command: (name, ...words) => command(url, name, ...words),
    // Nothing is saved, and one that is paused hears nothing else.
    stop: () => stopped(server, 'SIGKILL', folder),
  };
}

/** A Redis that a test can do without, and with again. */
export class MortalRedis {
  private server: RedisServer | null = null;
  private port = 0;

  static async start(): Promise<MortalRedis> {
    const redis = new MortalRedis();
    redis.port = await freePort();
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** On the same port as before. */
  async start(): Promise<void> {
    this.server = await startRedis(this.port);
    if (this.server === null) throw new Error('There is no redis-server on this machine');
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }

  pause(): void {
    this.server?.pause();
  }

  resume(): void {
    this.server?.resume();
  }

  /** Not a byte more. */
  async fill(): Promise<void> {
    await this.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    await this.command('CONFIG', 'SET', 'maxmemory', '1');
  }

  async empty(): Promise<void> {
    await this.command('CONFIG', 'SET', 'maxmemory', '0');
  }

  command(name: string, ...words: readonly string[]): Promise<unknown> {
    return command(this.url, name, ...words);
  }

  async keys(): Promise<readonly string[]> {
    return (await this.command('KEYS', '*')) as string[];
  }
}

async function command(url: string, name: string, ...words: readonly string[]): Promise<unknown> {
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null, retryStrategy: () => 50 });
  client.on('error', () => undefined);
  try {
    return await client.call(name, ...words);
  } finally {
    client.disconnect();
  }
}
