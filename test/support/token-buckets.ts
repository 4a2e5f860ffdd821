import { randomUUID } from 'node:crypto';
import { readSettings } from '../../src/platform/config/read-settings';
import { MemoryTokenBuckets } from '../../src/platform/limits/memory-token-buckets';
import { RedisTokenBuckets } from '../../src/platform/limits/redis-token-buckets';
import type { Bucket, TokenBuckets } from '../../src/platform/limits/token-buckets';
import { Log } from '../../src/platform/logging/log';
import { RedisConnection } from '../../src/platform/redis/redis';
import { Clock } from '../../src/platform/time/clock';

/** What time it is the test says; how long ago something was, the machine. */
export class SetClock extends Clock {
  ms = Date.UTC(2026, 0, 1);

  now(): Date {
    return new Date(this.ms);
  }

  elapsedMs(): number {
    return performance.now();
  }

  follow(): void {
    // It is the test that says what time it is.
  }
}

export type OpenBuckets = { readonly buckets: TokenBuckets; readonly close: () => void };

export const inMemory = (clock: Clock): Promise<OpenBuckets> =>
  Promise.resolve({ buckets: new MemoryTokenBuckets(clock), close: () => undefined });

export async function inRedis(clock: Clock, url = process.env.TEST_REDIS_URL ?? ''): Promise<OpenBuckets> {
  const connection = new RedisConnection(readSettings({ REDIS_URL: url }).store);
  await connection.onModuleInit();
  return {
    buckets: new RedisTokenBuckets(connection, clock, new Log('silent')),
    close: () => {
      connection.onApplicationShutdown();
    },
  };
}

/** A bucket nobody else has, ten tokens a minute and twenty at once. */
export function aBucket(change: Partial<Bucket> = {}): Bucket {
  return { key: `test:${randomUUID()}`, rate: { count: 10, seconds: 60, burst: 20 }, ...change };
}
