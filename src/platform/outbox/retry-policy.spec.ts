import { afterFailure, isUseless, nextAttempt, type Tries } from './retry-policy';

const WRITTEN = new Date('2026-01-01T00:00:00Z');
const after = (seconds: number): Date => new Date(WRITTEN.getTime() + seconds * 1000);
const failed = (failures: number, refusals = 0): Tries => ({
  since: WRITTEN,
  failures,
  refusals,
  uselessAfter: null,
});
const DAY = 86_400;

describe('a message that failed', () => {
  it.each([
    [1, 10],
    [2, 20],
    [3, 40],
    [9, 2560],
    [10, 3600],
    [11, 3600],
    [1_000_000, 3600],
  ])('for the %i. time waits %i seconds', (failures, seconds) => {
    expect(nextAttempt(failed(failures), after(100))).toEqual(after(100 + seconds));
  });

  it('is tried for the last time when it is a day old', () => {
    expect(nextAttempt(failed(30), after(DAY - 1))).toEqual(after(DAY));
  });

  it.each([DAY, DAY + 1, 3 * DAY])('is given up %i seconds after it was written', (seconds) => {
    expect(nextAttempt(failed(1), after(seconds))).toBeNull();
  });

  it('is tried about thirty times in all', () => {
    const attemptsAt: Date[] = [];
    for (let at: Date | null = WRITTEN; at; at = nextAttempt(failed(attemptsAt.length), at)) attemptsAt.push(at);
    expect(attemptsAt.length).toBeGreaterThan(25);
    expect(attemptsAt.length).toBeLessThan(40);
    expect(attemptsAt.at(-1)).toEqual(after(DAY));
  });
});

describe('a message that was refused for good', () => {
  it.each([
    [1, 600],
    [2, 3600],
  ])('for the %i. time waits %i seconds, whatever came before', (refusals, seconds) => {
    expect(nextAttempt(failed(refusals, refusals), after(100))).toEqual(after(100 + seconds));
    expect(nextAttempt(failed(20, refusals), after(100))).toEqual(after(100 + seconds));
  });

  it('for the third time is given up', () => {
    expect(nextAttempt(failed(3, 3), after(100))).toBeNull();
  });
});

describe('a message that helps nobody after five minutes', () => {
  const code = (failures: number, refusals = 0): Tries => ({ ...failed(failures, refusals), uselessAfter: after(300) });

  it('is tried as others are, while it helps', () => {
    expect(nextAttempt(code(5), after(100))).toEqual(after(260));
  });

  it.each([
    ['it would come too late', code(5), 140],
    ['it was refused for good', code(1, 1), 1],
  ])('is given up when %s', (_, tries, seconds) => {
    expect(nextAttempt(tries, after(seconds))).toBeNull();
  });

  it.each([
    [299, false],
    [300, true],
    [301, true],
  ])('after %i seconds: is that so? %s', (seconds, is) => {
    expect(isUseless(after(300), after(seconds))).toBe(is);
    expect(isUseless(null, after(seconds))).toBe(false);
  });
});

describe('one more failure', () => {
  it.each([
    ['refused', 1],
    ['deferred', 0],
    ['interrupted', 0],
    ['broken', 0],
  ] as const)('that is %s adds one, and %i to the refusals', (kind, more) => {
    expect(afterFailure(failed(5, 1), kind)).toEqual(failed(6, 1 + more));
  });
});
