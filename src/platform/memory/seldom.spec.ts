import { Seldom } from './seldom';

describe('what is noticed seldom', () => {
  let now = 0;
  const clock = { elapsedMs: () => now };
  beforeEach(() => {
    now = 0;
  });

  it('is noticed the first time, and again a while after it was', () => {
    const seldom = new Seldom(clock, 1_000);
    const noticed = [0, 1, 999, 1_000, 1_001, 1_999, 2_000, 10_000].map((at) => {
      now = at;
      return seldom.notice('a');
    });
    expect(noticed).toEqual([true, false, false, true, false, false, true, true]);
  });

  it('is not noticed sooner because something else was in between', () => {
    const seldom = new Seldom(clock, 1_000);
    seldom.notice('a');
    now = 900;
    expect(seldom.notice('b')).toBe(true);
    now = 1_100;
    expect([seldom.notice('a'), seldom.notice('b')]).toEqual([true, false]);
    now = 1_899;
    expect(seldom.notice('b')).toBe(false);
    now = 2_000;
    expect([seldom.notice('a'), seldom.notice('b')]).toEqual([false, true]);
  });
});
