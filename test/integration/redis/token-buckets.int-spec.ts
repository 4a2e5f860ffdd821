import { readSettings } from '../../../src/platform/config/read-settings';
import { BucketsUnavailable, type TokenBuckets } from '../../../src/platform/limits/token-buckets';
import { RedisConnection } from '../../../src/platform/redis/redis';
import { eventually } from '../../support/gates';
import { MutableWay } from '../../support/mutable-way';
import { freePort } from '../../support/postgres-server';
import { MortalRedis } from '../../support/redis-server';
import { aBucket, inRedis, type OpenBuckets, SetClock } from '../../support/token-buckets';

/** One command that is waited for, and then some. */
const SOON_MS = 600;
const AT_ONCE_MS = 100;

const counts = (buckets: TokenBuckets): Promise<boolean> =>
  buckets.take([aBucket()]).then(
    () => true,
    () => false,
  );

describe('token buckets in Redis', () => {
  const clock = new SetClock();
  let redis: MortalRedis;
  let store: OpenBuckets;
  let buckets: TokenBuckets;

  beforeAll(async () => {
    redis = await MortalRedis.start();
    store = await inRedis(clock, redis.url);
    buckets = store.buckets;
  });
  afterAll(async () => {
    store.close();
    await redis.stop();
  });

  it('are gone when they are full again, and no sooner', async () => {
    const [fast, slow] = [aBucket({ rate: { count: 100, seconds: 1, burst: 5 } }), aBucket()];
    await buckets.take([fast, slow]);
    const key = (of: string): string => `{doorward}:limit:${of}`;
    const lives = Number(await redis.command('PTTL', key(slow.key)));
    expect(lives).toBeGreaterThan(5_000);
    expect(lives).toBeLessThanOrEqual(6_000);
    await eventually('the fast one is gone', async () => !(await redis.keys()).includes(key(fast.key)));
    expect(await redis.keys()).toContain(key(slow.key));
  });

  it('are no keys of others, and none without an end', async () => {
    await buckets.take([aBucket(), aBucket()]);
    for (const key of await redis.keys()) {
      expect(key).toMatch(/^\{doorward\}:/);
      expect(Number(await redis.command('PTTL', key))).toBeGreaterThan(0);
    }
  });

  it('take no process that was busy itself for a silent Redis', async () => {
    const bucket = aBucket();
    const answer = buckets.take([bucket]);
    for (const since = performance.now(); performance.now() - since < SOON_MS;);
    expect((await answer).kind).toBe('taken');
  });

  it('survive that Redis forgets its scripts', async () => {
    const bucket = aBucket();
    await buckets.take([bucket]);
    await redis.command('SCRIPT', 'FLUSH');
    expect((await buckets.take([bucket])).levels[0]?.remaining).toBe(18);
  });

  type Fault = {
    readonly name: string;
    readonly begin: () => unknown;
    readonly end: () => unknown;
    readonly forgets?: boolean;
  };
  const faults: readonly Fault[] = [
    { name: 'stopped', begin: () => redis.stop(), end: () => redis.start(), forgets: true },
    {
      name: 'hung',
      begin: () => {
        redis.pause();
      },
      end: () => {
        redis.resume();
      },
    },
    { name: 'full', begin: () => redis.fill(), end: () => redis.empty() },
  ];

  it.each(faults)(
    'say soon that nobody can count, and count again by themselves: $name',
    async ({ begin, end, forgets }) => {
      const bucket = aBucket();
      await buckets.take([bucket]);
      await begin();
      try {
        const since = performance.now();
        await expect(buckets.take([bucket])).rejects.toThrow(BucketsUnavailable);
        expect(performance.now() - since).toBeLessThan(SOON_MS);
        // Now that it is known, nobody waits for it.
        const asked = performance.now();
        const refused = await Promise.allSettled([...Array(50).keys()].map(() => buckets.take([bucket])));
        expect(refused.map(({ status }) => status)).toEqual(Array(50).fill('rejected'));
        expect(performance.now() - asked).toBeLessThan(AT_ONCE_MS);
      } finally {
        await end();
      }
      await eventually('they count again', () => counts(buckets));
      const { levels } = await buckets.take([bucket]);
      // What was refused in the meantime has cost nothing; but a command may have reached who then fell silent.
      expect(levels[0]?.remaining).toBeGreaterThanOrEqual(forgets ? 19 : 17);
    },
  );

  it('leave alone for a moment what has just failed', async () => {
    await redis.fill();
    await expect(buckets.take([aBucket()])).rejects.toThrow(BucketsUnavailable);
    await redis.command('CONFIG', 'RESETSTAT');
    await Promise.allSettled([...Array(50).keys()].map(() => buckets.take([aBucket()])));
    const calls = String(await redis.command('INFO', 'commandstats'));
    await redis.empty();
    expect(calls).toContain('cmdstat_config');
    expect(calls).not.toContain('cmdstat_eval');
    await eventually('they count again', () => counts(buckets));
  });

  it('are not reported available while they cannot be written to', async () => {
    const connection = new RedisConnection(readSettings({ REDIS_URL: redis.url }).store);
    await connection.onModuleInit();
    expect(await connection.isAvailable()).toBe(true);
    await redis.fill();
    expect(await connection.isAvailable()).toBe(false);
    await redis.empty();
    expect(await connection.isAvailable()).toBe(true);
    connection.onApplicationShutdown();
  });
});

describe('a connection that died without a word', () => {
  it('is given up and replaced, for new ones go through', async () => {
    const redis = await MortalRedis.start();
    const way = await MutableWay.to(redis.url);
    const { buckets, close } = await inRedis(new SetClock(), way.url);
    const bucket = aBucket();
    await buckets.take([bucket]);
    way.swallowWhatThereIs();
    await expect(buckets.take([bucket])).rejects.toThrow(BucketsUnavailable);
    await eventually('they count again', () => counts(buckets));
    expect((await buckets.take([bucket])).levels[0]?.remaining).toBe(18);
    close();
    await way.close();
    await redis.stop();
  });
});

describe('a start', () => {
  it('waits a moment for Redis, and goes on without it', async () => {
    const connection = new RedisConnection(readSettings({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` }).store);
    const since = performance.now();
    await connection.onModuleInit();
    expect(performance.now() - since).toBeLessThan(2_000);
    expect(await connection.isAvailable()).toBe(false);
    connection.onApplicationShutdown();
  });

  it('has its connection before the first request where Redis comes in that moment', async () => {
    const redis = await MortalRedis.start();
    await redis.stop();
    const connection = new RedisConnection(readSettings({ REDIS_URL: redis.url }).store);
    const ready = connection.onModuleInit();
    await redis.start();
    await ready;
    expect(await connection.isAvailable()).toBe(true);
    connection.onApplicationShutdown();
    await redis.stop();
  });
});
