import { randomBytes } from 'node:crypto';
import { DependencyUnavailable } from '../../kernel/domain-error';
import { readSettings } from '../config/read-settings';
import { MasterKey } from '../crypto/master-key';
import { OneTimeSecrets } from '../crypto/one-time-secrets';
import { SystemRandom } from '../crypto/random';
import type { UnitOfWork } from '../database/unit-of-work';
import { Clock } from '../time/clock';
import { phoneNumberOf } from '../sms/phone-number';
import { MemoryTokenBuckets } from './memory-token-buckets';
import { SendAllowance, type Sending, type TextSending } from './send-allowance';
import { TenantMessages } from './tenant-messages';
import { type Bucket, BucketsUnavailable, type Taken, TokenBuckets } from './token-buckets';

const MINUTE = 60;
const DAY = 86_400;
const TAKEN = ['taken', 'taken', 'taken'];

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

/** Outside any unit of work all that follows a commit follows at once. */
function nobodyCounts(): TenantMessages {
  const run = (action: () => void): void => {
    action();
  };
  return new TenantMessages({ afterCommit: run } as UnitOfWork);
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

  const messages = nobodyCounts();
  const anAllowance = (used: TokenBuckets, variables: Readonly<Record<string, string>> = {}): SendAllowance =>
    new SendAllowance(used, secrets, readSettings({ RATE_LIMITS: 'on', ...variables }).limits, messages);
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
    allowance = anAllowance(buckets);
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
    allowance = anAllowance(buckets, { RATE_LIMIT_MAIL_TENANT: '2/3600' });
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
    allowance = anAllowance(buckets, { RATE_LIMITS: 'off' });
    expect(new Set(await taken(50))).toEqual(new Set([true]));
    expect(buckets.keys).toEqual([]);
  });

  it('is unknown while nobody can count: then nothing is sent', async () => {
    allowance = anAllowance(new BrokenBuckets(new BucketsUnavailable(new Error('gone'))));
    await expect(take()).rejects.toThrow(DependencyUnavailable);
  });

  it('is not guessed at after a failure of another kind', async () => {
    const failure = new TypeError('a mistake of ours');
    allowance = anAllowance(new BrokenBuckets(failure));
    await expect(take()).rejects.toBe(failure);
  });
});

describe('the place of a message in the day of its tenant', () => {
  const secrets = new OneTimeSecrets(new SystemRandom(), new MasterKey(randomBytes(32)));
  const limits = readSettings({ RATE_LIMITS: 'on' }).limits;
  const places = { mails: 4, sms: 0 };
  const messages = nobodyCounts();
  messages.register({
    reserve: (_, kind) => Promise.resolve(places[kind]-- > 0),
    giveBack: (_, kind) => void (places[kind] += 1),
    message: () => undefined,
  });
  const ask = (buckets: TokenBuckets): Promise<unknown> =>
    new SendAllowance(buckets, secrets, limits, messages).ask({
      kind: 'k',
      address: 'ann@example.com',
      tenant: 'acme',
    });

  it('is kept for what is sent, and given back where nothing is', async () => {
    const buckets = new MemoryTokenBuckets(new SetClock());
    expect([await ask(buckets), await ask(buckets), await ask(buckets), places.mails]).toEqual([...TAKEN, 1]);
    expect([await ask(buckets), places.mails]).toEqual(['too_often', 1]);
    await expect(ask(new BrokenBuckets(new TypeError('a mistake of ours')))).rejects.toThrow('a mistake of ours');
    expect(places.mails).toBe(1);
    places.mails = 0;
    expect(await ask(buckets)).toBe('quota_spent');
  });
});

describe('how many text messages one telephone gets', () => {
  const clock = new SetClock();
  const secrets = new OneTimeSecrets(new SystemRandom(), new MasterKey(randomBytes(32)));
  let buckets: WatchedBuckets;
  const allowanceOf = (variables: Readonly<Record<string, string>> = {}): SendAllowance =>
    new SendAllowance(buckets, secrets, readSettings({ RATE_LIMITS: 'on', ...variables }).limits, nobodyCounts());
  const to = (number: string, change: Partial<TextSending> = {}): TextSending => ({
    kind: 'challenge',
    number: phoneNumberOf(number)!,
    tenant: null,
    ...change,
  });

  beforeEach(() => {
    clock.seconds = 0;
    buckets = new WatchedBuckets(new MemoryTokenBuckets(clock));
  });

  it('is three at once and ten a day, however the number is typed, and whatever its mailbox got', async () => {
    const allowance = allowanceOf();
    await allowance.take({ kind: 'challenge', address: '+491701234567', tenant: null });
    let sent = 0;
    for (let quarter = 0; quarter < 8; quarter += 1) {
      for (const typed of ['+491701234567', '+49 170 1234567', '+49 (170) 1234-567', '+49 0170 1234567']) {
        if (await allowance.take(to(typed))) sent += 1;
      }
      if (quarter === 0) expect(sent).toBe(3);
      clock.seconds += 15 * MINUTE;
    }
    expect(sent).toBe(10);
    expect(await allowance.take(to('+491701234568'))).toBe(true);
  });

  it('is not used up by those of another kind: who enrols the number of another spends nothing of theirs', async () => {
    const allowance = allowanceOf();
    for (let time = 0; time < 4; time += 1) await allowance.take(to('+491701234567', { kind: 'enrolment' }));
    expect(await allowance.take(to('+491701234567'))).toBe(true);
  });

  it('is what the tenant has left, and what the country has left', async () => {
    let last = 0;
    const next = (calling: string): string => `${calling}170123456${last++}`;
    const tenants = allowanceOf({ RATE_LIMIT_SMS_TENANT: '2/3600' });
    const ofTenant = (tenant: string | null): Promise<boolean> => tenants.take(to(next('+49'), { tenant }));
    expect([await ofTenant('acme'), await ofTenant('acme'), await ofTenant('acme')]).toEqual([true, true, false]);
    expect([await ofTenant('other'), await ofTenant(null)]).toEqual([true, true]);

    buckets = new WatchedBuckets(new MemoryTokenBuckets(clock));
    const countries = allowanceOf({ RATE_LIMIT_SMS_COUNTRY: '1/3600' });
    const toCountry = (calling: string): Promise<boolean> => countries.take(to(next(calling)));
    expect([await toCountry('+49'), await toCountry('+49'), await toCountry('+43')]).toEqual([true, false, true]);
  });

  it('is what whoever asks has left, and what they ask for beyond that uses up nothing of others', async () => {
    const allowance = allowanceOf({ RATE_LIMIT_SMS_TENANT: '4/3600', RATE_LIMIT_SMS_COUNTRY: '4/3600' });
    let last = 0;
    const ask = (askedBy: string, change: Partial<TextSending> = {}): Promise<boolean> =>
      allowance.take(to(`+49170765432${last++}`, { askedBy, tenant: 'acme', ...change }));
    const mallory = [await ask('mallory'), await ask('mallory'), await ask('mallory'), await ask('mallory')];
    expect([...mallory, await ask('mallory')]).toEqual([true, true, true, false, false]);
    expect([await ask('ann'), await ask('bob')]).toEqual([true, false]);
    clock.seconds += 15 * MINUTE;
    expect(await ask('mallory')).toBe(true);
    const mail = { kind: 'challenge', tenant: null, askedBy: 'mallory' };
    const mailed: boolean[] = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      mailed.push(await allowance.take({ ...mail, address: `${name}@example.com` }));
    }
    expect(mailed).toEqual([true, true, true, false]);
  });

  it('is counted without the number being anywhere', async () => {
    await allowanceOf().take(to('+491701234567', { tenant: 'acme' }));
    expect(buckets.keys).toHaveLength(4);
    for (const key of buckets.keys) expect(key).not.toContain('1701234567');
  });
});
