import { Clock } from '../time/clock';
import { MemoryTokenBuckets } from './memory-token-buckets';

const RATE = { count: 10, seconds: 60, burst: 20 };

/** Two clocks: one that can be set, one that cannot. */
class SetClock extends Clock {
  ms = Date.UTC(2026, 0, 1);
  elapsed = 0;

  now(): Date {
    return new Date(this.ms);
  }

  elapsedMs(): number {
    return this.elapsed;
  }

  follow(): void {
    // The test sets it.
  }

  passes(seconds: number): void {
    this.ms += seconds * 1000;
    this.elapsed += seconds * 1000;
  }
}

describe('token buckets in memory', () => {
  let clock: SetClock;
  let buckets: MemoryTokenBuckets;

  beforeEach(() => {
    clock = new SetClock();
    buckets = new MemoryTokenBuckets(clock);
  });

  const flood = async (from: number, count: number): Promise<void> => {
    for (let number = from; number < from + count; number += 1) {
      await buckets.take([{ key: `login:${number}`, rate: RATE }]);
    }
  };

  it('remember those that are not full', async () => {
    await flood(0, 1_000);
    expect(buckets.size).toBe(1_000);
  });

  it('forget those that are full again, by and by, as others come', async () => {
    await flood(0, 1_000);
    clock.passes(6);
    await flood(1_000, 1_000);
    expect(buckets.size).toBe(1_000);
    clock.passes(6);
    await flood(5_000, 1);
    expect(buckets.size).toBeLessThan(1_000);
  });

  it('never hold more than came within the time one takes to fill', async () => {
    for (let round = 0; round < 50; round += 1) {
      await flood(round * 100, 100);
      clock.passes(1);
    }
    expect(buckets.size).toBeLessThanOrEqual(2 * 6 * 100);
  });

  it('ask nobody to wait for as long as the clock was set back', async () => {
    const once = { count: 1, seconds: 60, burst: 1 };
    for (let number = 0; number < 10; number += 1) await buckets.take([{ key: `login:${number}`, rate: once }]);
    clock.ms -= 86_400_000;
    clock.passes(59);
    expect((await buckets.take([{ key: 'login:9', rate: once }])).kind).toBe('refused');
    clock.passes(1);
    expect((await buckets.take([{ key: 'login:9', rate: once }])).kind).toBe('taken');
  });
});
