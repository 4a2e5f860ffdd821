import { isInstant } from './is-instant';

describe('a point in time', () => {
  it.each(['2026-11-21T12:00:00Z', '2026-11-21T12:00:00.123Z', '2024-02-29T23:59:59+02:00', '2026-11-21t12:00:00z'])(
    'is %s',
    (text) => {
      expect(isInstant(text)).toBe(true);
    },
  );

  it.each([
    ['of a leap second', '2026-11-21T23:59:60Z'],
    ['of a day there is not', '2026-02-30T00:00:00Z'],
    ['of a month there is not', '2026-13-01T00:00:00Z'],
    ['without a zone', '2026-11-21T12:00:00'],
    ['of a day alone', '2026-11-21'],
    ['of an hour there is not', '2026-11-21T25:00:00Z'],
    ['that is a number', 5],
    ['that is nothing', ''],
  ])('is no text %s', (_name, text) => {
    expect(isInstant(text)).toBe(false);
  });
});
