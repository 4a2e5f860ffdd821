import * as fc from 'fast-check';
import { API_VERSION, jitterLimitSeconds, readsVersion } from './access-token-claims';

describe('the version of the claims', () => {
  it('is one this release reads, when it issues it', () => {
    expect(readsVersion(API_VERSION)).toBe(true);
  });

  it.each([
    ['a token of the systems before this one, which names none', undefined, true],
    ['the first', '1', true],
    ['one to come', '2', false],
    ['a number', 1, false],
    ['nothing', null, false],
    ['an empty text', '', false],
    ['a list', ['1'], false],
  ])('is read or not: %s', (_, version, isRead) => {
    expect(readsVersion(version)).toBe(isRead);
  });
});

describe('what is taken at random from the life of an access token', () => {
  it.each([
    [1, 1],
    [19, 1],
    [20, 2],
    [900, 46],
    [3600, 181],
  ])('of %i seconds is below %i', (accessSeconds, limit) => {
    expect(jitterLimitSeconds(accessSeconds)).toBe(limit);
  });

  it('is never more than 5 % of it and never less than nothing, and leaves something of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3600 }), (accessSeconds) => {
        const most = jitterLimitSeconds(accessSeconds) - 1;
        expect(Number.isInteger(most)).toBe(true);
        expect(most).toBeGreaterThanOrEqual(0);
        expect(most * 20).toBeLessThanOrEqual(accessSeconds);
        expect(accessSeconds - most).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 3600 },
    );
  });
});
