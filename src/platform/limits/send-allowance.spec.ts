import { randomBytes } from 'node:crypto';
import { DependencyUnavailable } from '../../kernel/domain-error';
import { readSettings } from '../config/read-settings';
import { MasterKey } from '../crypto/master-key';
import { OneTimeSecrets } from '../crypto/one-time-secrets';
import { SystemRandom } from '../crypto/random';
import { Clock } from '../time/clock';
import { MemoryTokenBuckets } from './memory-token-buckets';
import { SendAllowance, type Sending } from './send-allowance';
import { type Bucket, BucketsUnavailable, type Taken, TokenBuckets } from './token-buckets';

const MINUTE = 60;
const DAY = 86_400;

class SetClock extends Clock {
  seconds = 0;

  now(): Date {
    return new Date(Date.UTC(2026, 0, 1) + this.seconds * 1000);
  }

  elapsedMs(): number {
    return this.seconds * 1000;
  }

  follow(): void {
    // The test sets it.
  }
}

/** Remembers by which keys it was asked. */
class WatchedBuckets extends TokenBuckets {
  readonly keys: string[] = [];

  constructor(private readonly inner: TokenBuckets) {
    super();
  }

  take(buckets: readonly Bucket[]): Promise<Taken> {
    this.keys.push(...buckets.map(({ key }) => key));
    return this.inner.take(buckets);
  }
}

class BrokenBuckets extends TokenBuckets {
  constructor(private readonly failure: Error) {
    super();
  }

  take(): Promise<Taken> {
    return Promise.reject(this.failure);
  }
}

describe('how many messages one mailbox gets', () => {
  let clock: SetClock;
  let buckets: WatchedBuckets;
  let allowance: SendAllowance;

  const on = (variables: Readonly<Record<string, string>> = {}) =>
    readSettings({ RATE_LIMITS: 'on', ...variables }).limits;
  const secrets = new OneTimeSecrets(new SystemRandom(), new MasterKey(randomBytes(32)));
  const take = (change: Partial<Sending> = {}): Promise<boolean> =>
    allowance.take({ kind: 'password-reset', address: 'ann@example.com', tenant: null, ...change });
  const taken = async (times: number, change: Partial<Sending> = {}): Promise<boolean[]> => {
    const answers: boolean[] = [];
    for (let time = 0; time < times; time += 1) answers.push(await take(change));
    return answers;
  };

  beforeEach(() => {
    clock = new SetClock();
    buckets = new WatchedBuckets(new MemoryTokenBuckets(clock));
    allowance = new SendAllowance(buckets, secrets, on());
  });

  it('is three at once, and one more every five minutes', async () => {
    expect(await taken(4)).toEqual([true, true, true, false]);
    clock.seconds += 5 * MINUTE - 1;
    expect(await take()).toBe(false);
    clock.seconds += 1;
    expect(await taken(2)).toEqual([true, false]);
  });

  it('is no more than ten within the first hours, and one more as a tenth of a day goes by', async () => {
    let sent = 0;
    for (let quarter = 0; quarter < 8; quarter += 1) {
      sent += (await taken(4)).filter(Boolean).length;
      clock.seconds += 15 * MINUTE;
    }
    expect(sent).toBe(10);
    clock.seconds = DAY / 10 + 15 * MINUTE;
    expect(await take()).toBe(true);
  });

  it('is not used up by what is refused', async () => {
    await taken(30);
    clock.seconds += 15 * MINUTE;
    expect(await taken(4)).toEqual([true, true, true, false]);
  });

  it('is counted however the address is spelt', async () => {
    await taken(3);
    expect(await take({ address: 'ANN@Example.com' })).toBe(false);
  });

  it.each<[string, Partial<Sending>]>([
    ['another kind', { kind: 'email-verification' }],
    ['another mailbox', { address: 'bob@example.com' }],
  ])('is not used up by those of %s', async (_, other) => {
    await taken(4, other);
    expect(await take()).toBe(true);
  });

  it('is what the tenant has left, whoever they go to', async () => {
    allowance = new SendAllowance(buckets, secrets, on({ RATE_LIMIT_MAIL_TENANT: '2/3600' }));
    const to = (name: string, tenant: string | null): Promise<boolean> =>
      take({ address: `${name}@example.com`, tenant });
    expect([await to('ann', 'acme'), await to('bob', 'acme'), await to('cid', 'acme')]).toEqual([true, true, false]);
    expect([await to('cid', 'other'), await to('dan', null)]).toEqual([true, true]);
  });

  it('is counted without the address being anywhere', async () => {
    await take();
    expect(buckets.keys).toHaveLength(2);
    for (const key of buckets.keys) expect(key).not.toMatch(/ann|example/);
  });

  it('is any number where nothing is limited', async () => {
    allowance = new SendAllowance(buckets, secrets, on({ RATE_LIMITS: 'off' }));
    expect(new Set(await taken(50))).toEqual(new Set([true]));
    expect(buckets.keys).toEqual([]);
  });

  it('is unknown while nobody can count: then nothing is sent', async () => {
    allowance = new SendAllowance(new BrokenBuckets(new BucketsUnavailable(new Error('gone'))), secrets, on());
    await expect(take()).rejects.toThrow(DependencyUnavailable);
  });

  it('is not guessed at after a failure of another kind', async () => {
    const failure = new TypeError('a mistake of ours');
    allowance = new SendAllowance(new BrokenBuckets(failure), secrets, on());
    await expect(take()).rejects.toBe(failure);
  });
});
