import * as fc from 'fast-check';
import type { Rate } from '../config/settings';
import { capacityOf, fillSeconds, intervalOf, level, take, UNTOUCHED } from './token-bucket';

const SECOND = 1_000_000;
const NOW = Date.UTC(2026, 0, 1) * 1000;
const LOGIN: Rate = { count: 10, seconds: 60, burst: 20 };

const rates = fc.record({
  count: fc.integer({ min: 1, max: 5_000 }),
  seconds: fc.integer({ min: 1, max: 3_600 }),
  burst: fc.integer({ min: 1, max: 200 }),
});
/** Microseconds, from none to some hours, short ones as often as long ones. */
const spans = fc.oneof(
  fc.integer({ min: 0, max: 1_000 }),
  fc.integer({ min: 0, max: 5 * SECOND }),
  fc.integer({ min: 0, max: 20_000 * SECOND }),
);

/** Takes so many tokens at one instant, as far as there are any; the bucket after that, and how many there were. */
function drawn(fullAt: number, rate: Rate, now: number, count: number): { fullAt: number; given: number } {
  for (let given = 0; given < count; given += 1) {
    const next = take(fullAt, rate, now);
    if (next === null) return { fullAt, given };
    fullAt = next;
  }
  return { fullAt, given: count };
}

describe('a token bucket', () => {
  it('gives its burst at once, then a token at each interval', () => {
    const { fullAt, given } = drawn(UNTOUCHED, LOGIN, NOW, 100);
    expect(given).toBe(20);
    expect(take(fullAt, LOGIN, NOW + 6 * SECOND - 1)).toBeNull();
    expect(drawn(fullAt, LOGIN, NOW + 6 * SECOND, 100).given).toBe(1);
    expect(drawn(fullAt, LOGIN, NOW + 18 * SECOND, 100).given).toBe(3);
    expect(drawn(fullAt, LOGIN, NOW + 120 * SECOND, 100).given).toBe(20);
    expect(drawn(fullAt, LOGIN, NOW + 9_999 * SECOND, 100).given).toBe(20);
  });

  it.each([
    [0, { remaining: 20, nextSeconds: 0, fullSeconds: 0 }],
    [1, { remaining: 19, nextSeconds: 6, fullSeconds: 6 }],
    [2, { remaining: 18, nextSeconds: 6, fullSeconds: 12 }],
    [19, { remaining: 1, nextSeconds: 6, fullSeconds: 114 }],
    [20, { remaining: 0, nextSeconds: 6, fullSeconds: 120 }],
  ])('after %i tokens says where it stands', (count, expected) => {
    expect(level(drawn(UNTOUCHED, LOGIN, NOW, count).fullAt, LOGIN, NOW)).toEqual(expected);
  });

  it.each([
    [0, { remaining: 0, nextSeconds: 6, fullSeconds: 120 }],
    [1, { remaining: 0, nextSeconds: 6, fullSeconds: 120 }],
    [5 * SECOND, { remaining: 0, nextSeconds: 1, fullSeconds: 115 }],
    [6 * SECOND - 1, { remaining: 0, nextSeconds: 1, fullSeconds: 115 }],
    [6 * SECOND, { remaining: 1, nextSeconds: 6, fullSeconds: 114 }],
    [120 * SECOND, { remaining: 20, nextSeconds: 0, fullSeconds: 0 }],
  ])('fills by and by: %i µs after it was emptied', (passed, expected) => {
    const { fullAt } = drawn(UNTOUCHED, LOGIN, NOW, 20);
    expect(level(fullAt, LOGIN, NOW + passed)).toEqual(expected);
  });

  it.each([
    [{ count: 10, seconds: 60, burst: 20 }, 120],
    [{ count: 5, seconds: 60, burst: 5 }, 60],
    [{ count: 7, seconds: 60, burst: 7 }, 60],
    [{ count: 7, seconds: 60, burst: 1 }, 9],
    [{ count: 1000, seconds: 1, burst: 10 }, 1],
  ])('of %j fills within %i s', (rate, seconds) => {
    expect(fillSeconds(rate)).toBe(seconds);
  });

  it('gives nothing twice to who comes with a clock that is behind', () => {
    const { fullAt } = drawn(UNTOUCHED, LOGIN, NOW, 20);
    expect(take(fullAt, LOGIN, NOW - 10 * SECOND)).toBeNull();
    expect(level(fullAt, LOGIN, NOW - 10 * SECOND)).toEqual({ remaining: 0, nextSeconds: 16, fullSeconds: 130 });
  });

  it('never gives more than its burst and what dripped in since, whatever the clocks say', () => {
    fc.assert(
      fc.property(
        rates,
        fc.array(fc.tuple(spans, spans, fc.integer({ min: 1, max: 250 })), { maxLength: 30 }),
        (rate, steps) => {
          let [fullAt, latest, given] = [UNTOUCHED, NOW, 0];
          for (const [passed, behind, count] of steps) {
            latest += passed;
            // Of a bucket that was full for longer than that, what another clock says gives nothing away either.
            const now = Math.max(latest - behind, NOW);
            const after = drawn(fullAt, rate, now, count);
            fullAt = after.fullAt;
            given += after.given;
          }
          expect(given).toBeLessThanOrEqual(rate.burst + Math.floor((latest - NOW) / intervalOf(rate)));
        },
      ),
    );
  });

  it('has as many tokens as it says, and one more when it says so', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 0, max: 250 }), spans, (rate, count, passed) => {
        const { fullAt } = drawn(UNTOUCHED, rate, NOW, count);
        const now = NOW + passed;
        const { remaining, nextSeconds, fullSeconds } = level(fullAt, rate, now);
        expect(drawn(fullAt, rate, now, 1_000).given).toBe(remaining);
        if (nextSeconds === 0) expect(remaining).toBe(rate.burst);
        else expect(level(fullAt, rate, now + nextSeconds * SECOND).remaining).toBeGreaterThan(remaining);
        expect(level(fullAt, rate, now + fullSeconds * SECOND).remaining).toBe(rate.burst);
      }),
    );
  });

  it('reckons in whole microseconds', () => {
    fc.assert(
      fc.property(rates, spans, (rate, passed) => {
        const fullAt = take(UNTOUCHED, rate, NOW + passed) ?? 0.5;
        const numbers = [fullAt, capacityOf(rate), fillSeconds(rate), ...Object.values(level(fullAt, rate, NOW))];
        expect(numbers.filter((number) => !Number.isSafeInteger(number) || number < 0)).toEqual([]);
      }),
    );
  });
});
