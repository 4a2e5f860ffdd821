import * as fc from 'fast-check';
import { expiryViolations, usualExpiry } from './api-key-lifetime';

const NOW = new Date('2026-01-01T12:00:00.000Z');
const after = (ms: number): Date => new Date(NOW.getTime() + ms);
const DAY = 86_400_000;

describe('the end of a key', () => {
  it('is 90 days away when nobody says otherwise', () => {
    expect(usualExpiry(NOW)).toEqual(after(90 * DAY));
  });

  it.each([
    ['a millisecond away', 1],
    ['a day away', DAY],
    ['365 days away to the millisecond', 365 * DAY],
  ])('may be %s', (_, ms) => {
    expect(expiryViolations(after(ms), NOW)).toEqual([]);
  });

  it.each([
    ['now', 0, 'EXPIRY_PAST'],
    ['a millisecond ago', -1, 'EXPIRY_PAST'],
    ['years ago', -1000 * DAY, 'EXPIRY_PAST'],
    ['a millisecond more than 365 days away', 365 * DAY + 1, 'EXPIRY_TOO_FAR'],
    ['centuries away', 100_000 * DAY, 'EXPIRY_TOO_FAR'],
  ])('may not be %s', (_, ms, code) => {
    expect(expiryViolations(after(ms), NOW)).toMatchObject([{ field: 'expires_at', code }]);
  });

  it('is acceptable as it is proposed, whenever that is', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true, max: new Date('9000-01-01T00:00:00Z') }), (now) => {
        expect(expiryViolations(usualExpiry(now), now)).toEqual([]);
      }),
    );
  });
});
