import * as fc from 'fast-check';
import { expiryViolations, successorExpiry, usualExpiry } from './api-key-lifetime';

const NOW = new Date('2026-01-01T12:00:00.000Z');
const after = (ms: number): Date => new Date(NOW.getTime() + ms);
const DAY = 86_400_000;

describe('the end of a key', () => {
  it('is 90 days away when nobody says otherwise', () => {
    expect(usualExpiry(NOW, null)).toEqual(after(90 * DAY));
  });

  it.each([
    ['a millisecond away', 1],
    ['a day away', DAY],
    ['365 days away to the millisecond', 365 * DAY],
  ])('may be %s', (_, ms) => {
    expect(expiryViolations(after(ms), NOW, null)).toEqual([]);
  });

  it.each([
    ['now', 0, 'EXPIRY_PAST'],
    ['a millisecond ago', -1, 'EXPIRY_PAST'],
    ['years ago', -1000 * DAY, 'EXPIRY_PAST'],
    ['a millisecond more than 365 days away', 365 * DAY + 1, 'EXPIRY_TOO_FAR'],
    ['centuries away', 100_000 * DAY, 'EXPIRY_TOO_FAR'],
  ])('may not be %s', (_, ms, code) => {
    expect(expiryViolations(after(ms), NOW, null)).toMatchObject([{ field: 'expires_at', code }]);
  });

  it('is acceptable as it is proposed, whenever that is', () => {
    const moment = fc.date({ noInvalidDate: true, max: new Date('9000-01-01T00:00:00Z') });
    const ofTenant = fc.option(fc.integer({ min: 1, max: 3650 }));
    fc.assert(
      fc.property(moment, ofTenant, (now, maxDays) => {
        expect(expiryViolations(usualExpiry(now, maxDays), now, maxDays)).toEqual([]);
      }),
    );
  });

  describe('where the tenant says how long keys live', () => {
    it.each([
      [30, 30],
      [90, 90],
      [3650, 90],
    ])('at %i days, is %i days away when nobody says otherwise', (maxDays, days) => {
      expect(usualExpiry(NOW, maxDays)).toEqual(after(days * DAY));
    });

    it.each([1, 30, 365, 3650])('may be %i days away, and not a millisecond more', (maxDays) => {
      expect(expiryViolations(after(maxDays * DAY), NOW, maxDays)).toEqual([]);
      const message = `This time must be at most ${maxDays} days away.`;
      expect(expiryViolations(after(maxDays * DAY + 1), NOW, maxDays)).toEqual([
        { field: 'expires_at', code: 'EXPIRY_TOO_FAR', message },
      ]);
    });
  });

  it.each([
    ['as far away as that of the key before, when that was made', 7, null, 7],
    ['no further away than the tenant allows by now', 90, 30, 30],
    ['no further away than a year, whatever the tenant once allowed', 3650, null, 365],
    ['as far away as the tenant allows', 3650, 3650, 3650],
  ])('of one that takes the place of another is %s', (_, formerDays, maxDays, days) => {
    expect(successorExpiry(formerDays * DAY, NOW, maxDays)).toEqual(after(days * DAY));
  });
});
