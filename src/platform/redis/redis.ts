import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Redis } from 'ioredis';
import { StoreSettings } from '../config/settings';

const TIMEOUT_MS = 250;
const CONNECT_TIMEOUT_MS = 1_000;
const BOOT_PATIENCE_MS = 1_000;
const SLOWEST_RETRY_MS = 500;
const RETRY_STEP_MS = 50;
const PROBE_KEY = '{doorward}:probe';

/** A script that Redis runs as a whole, with nobody else's command in between. */
export class LuaScript {
  readonly sha1: string;

  constructor(readonly text: string) {
    this.sha1 = createHash('sha1').update(text).digest('hex');
  }
}

/** Redis gave no answer in time. Whether it did what it was asked is not known. */
class TimedOut extends Error {
  constructor() {
    super(`Redis gave no answer within ${TIMEOUT_MS} ms`);
  }
}

/**
 * The Redis of REDIS_URL, if there is one. Every command has a timeout and fails at once while it is away. A server that
 * is silent is hung up on: commands that were answered for already must not be run when it wakes, and a connection that is
 * dead without a word would be waited on for a quarter of an hour.
 */
@Injectable()
export class RedisConnection implements OnModuleInit, OnApplicationShutdown {
  private readonly client: Redis | null;

  constructor({ redisUrl }: StoreSettings) {
    this.client = redisUrl === undefined ? null : connect(redisUrl);
  }

  /** The service starts without Redis too; but the first request should not come before the first connection. */
  async onModuleInit(): Promise<void> {
    const { client } = this;
    if (client === null || client.status === 'ready') return;
    const patience = new AbortController();
    const ready = new Promise<void>((resolve) => client.once('ready', resolve));
    const late = wait(BOOT_PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([ready, late]);
    patience.abort();
  }

  /** null when none is configured. A server that is full or a replica answers, and yet is of no use. */
  async isAvailable(): Promise<boolean | null> {
    const { client } = this;
    if (!client) return null;
    try {
      await this.inTime(client, client.set(PROBE_KEY, '1', 'PX', BOOT_PATIENCE_MS));
      return true;
    } catch {
      return false;
    }
  }

  /** What the script answers. Throws when Redis is away, silent, or cannot do it. */
  evaluate(script: LuaScript, keys: readonly string[], values: readonly number[]): Promise<unknown> {
    const { client } = this;
    if (!client) throw new Error('There is no Redis');
    const known = client.evalsha(script.sha1, keys.length, ...keys, ...values).catch((error: unknown) => {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return client.eval(script.text, keys.length, ...keys, ...values);
    });
    return this.inTime(client, known);
  }

  onApplicationShutdown(): void {
    this.client?.disconnect();
  }

  private async inTime<T>(client: Redis, answer: Promise<T>): Promise<T> {
    const patience = new AbortController();
    try {
      return await Promise.race([answer, lateness(patience.signal)]);
    } catch (error) {
      if (error instanceof TimedOut && client.status === 'ready') client.disconnect(true);
      throw error;
    } finally {
      patience.abort();
    }
  }
}

/** A process that was busy itself has the answer in hand, unread; so before it judges it reads what came. */
async function lateness(signal: AbortSignal): Promise<never> {
  await wait(TIMEOUT_MS, undefined, { signal });
  await new Promise((resolve) => setImmediate(resolve));
  throw new TimedOut();
}

function connect(url: string): Redis {
  const client = new Redis(url, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    // For what the client itself says when it connects.
    commandTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: TIMEOUT_MS,
    // A command whose answer was lost is not sent again: the token would be taken twice.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    enableOfflineQueue: false,
    retryStrategy: (attempts) => Math.min(attempts * RETRY_STEP_MS, SLOWEST_RETRY_MS),
    // After a failover the address leads to another server.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
  });
  // Without a listener a lost connection would end the process; readiness reports it instead.
  client.on('error', () => undefined);
  return client;
}
