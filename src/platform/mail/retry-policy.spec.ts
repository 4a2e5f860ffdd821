import { nextAttempt } from './retry-policy';

const WRITTEN = new Date('2026-01-01T00:00:00Z');
const after = (seconds: number): Date => new Date(WRITTEN.getTime() + seconds * 1000);
const DAY = 86_400;

describe('a mail that failed', () => {
  it.each([
    [1, 10],
    [2, 20],
    [3, 40],
    [9, 2560],
    [10, 3600],
    [11, 3600],
    [1_000_000, 3600],
  ])('for the %i. time waits %i seconds', (attempts, seconds) => {
    expect(nextAttempt(WRITTEN, attempts, after(100))).toEqual(after(100 + seconds));
  });

  it('is tried for the last time when it is a day old', () => {
    expect(nextAttempt(WRITTEN, 30, after(DAY - 1))).toEqual(after(DAY));
  });

  it.each([DAY, DAY + 1, 3 * DAY])('is given up %i seconds after it was written', (seconds) => {
    expect(nextAttempt(WRITTEN, 1, after(seconds))).toBeNull();
  });

  it('is tried about thirty times in all', () => {
    const attemptsAt: Date[] = [];
    for (let at: Date | null = WRITTEN; at; at = nextAttempt(WRITTEN, attemptsAt.length, at)) attemptsAt.push(at);
    expect(attemptsAt.length).toBeGreaterThan(25);
    expect(attemptsAt.length).toBeLessThan(40);
    expect(attemptsAt.at(-1)).toEqual(after(DAY));
  });
});
