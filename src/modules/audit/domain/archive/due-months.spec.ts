import { endOf, firstKept, monthOf } from './due-months';

const DAY = 86_400;

describe('months of the audit log', () => {
  it.each([
    ['2026-12-31T23:59:59.999Z', '2026-12-01', '2027-01-01T00:00:00.000Z'],
    ['2027-01-01T00:00:00.000Z', '2027-01-01', '2027-02-01T00:00:00.000Z'],
    ['2028-02-29T12:00:00.000Z', '2028-02-01', '2028-03-01T00:00:00.000Z'],
  ])('hold %s from %s on until %s', (instant, month, end) => {
    expect(monthOf(new Date(instant))).toBe(month);
    expect(endOf(month)).toEqual(new Date(end));
  });

  it.each([
    ['2026-03-31T23:59:59.999Z', 31 * DAY, '2026-02-01'],
    ['2026-03-03T23:59:59.999Z', 31 * DAY, '2026-01-01'],
    ['2026-03-04T00:00:00.000Z', 31 * DAY, '2026-02-01'],
    ['2026-03-04T00:00:00.000Z', 365 * DAY, '2025-03-01'],
  ])('at %s are kept for %i seconds after they end: from %s on', (now, retentionSeconds, kept) => {
    expect(firstKept({ retentionSeconds }, new Date(now))).toBe(kept);
    const before = new Date(endOf(kept).getTime() - 1);
    expect(before.getTime() + retentionSeconds * 1000).toBeGreaterThanOrEqual(new Date(now).getTime());
  });

  it('are kept from the one on that somebody names, and the running one always', () => {
    const now = new Date('2026-03-04T00:00:00.000Z');
    expect(firstKept({ before: '2026-01-01' }, now)).toBe('2026-01-01');
    expect(firstKept({ before: '2026-03-01' }, now)).toBe('2026-03-01');
    expect(firstKept({ before: '2026-04-01' }, now)).toBe('2026-03-01');
    expect(firstKept({ retentionSeconds: 0 }, now)).toBe('2026-03-01');
  });
});
