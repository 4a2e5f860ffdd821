import type { LookupAddress } from 'node:dns';
import { TestClock } from '../../../../test/support/test-clock';
import { type Resolver, sharedLookups } from './shared-lookups';

const ADDRESSES: LookupAddress[] = [{ address: '192.0.2.1', family: 4 }];

describe('names that many ask for', () => {
  let clock: TestClock;
  let asked: string[];
  let answer: (addresses: LookupAddress[]) => void;
  let fail: (error: Error) => void;
  let lookups: Resolver;

  beforeEach(() => {
    [clock, asked] = [new TestClock(), []];
    lookups = sharedLookups(clock, (name) => {
      asked.push(name);
      return new Promise((resolve, reject) => ([answer, fail] = [resolve, reject]));
    });
  });

  it('are looked up once at a time, for all of them, and anew for whoever comes after', async () => {
    const waiting = ['a', 'b', 'a', 'a'].map((name) => lookups(name));
    expect(asked).toEqual(['a', 'b']);
    answer(ADDRESSES);
    expect(await waiting[1]).toBe(ADDRESSES);
    void lookups('b');
    void lookups('a');
    expect(asked).toEqual(['a', 'b', 'b']);
  });

  it('are not looked up again for three seconds after that failed', async () => {
    const error = new Error('nobody');
    const [one, other] = [lookups('a'), lookups('a')];
    fail(error);
    await expect(one).rejects.toBe(error);
    await expect(other).rejects.toBe(error);
    clock.advance({ seconds: 2.999 });
    await expect(lookups('a')).rejects.toBe(error);
    void lookups('b');
    expect(asked).toEqual(['a', 'b']);
    clock.advance({ seconds: 0.001 });
    const again = lookups('a');
    answer(ADDRESSES);
    expect(await again).toBe(ADDRESSES);
    expect(asked).toEqual(['a', 'b', 'a']);
  });
});
