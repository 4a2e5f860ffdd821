import { summarySpanOf } from './summary-span';

const NOW = new Date('2026-03-01T23:59:59.999Z');

describe('the span of a summary', () => {
  it.each([
    ['nothing', null, null, '2026-01-31', '2026-03-01'],
    ['its first day', '2026-02-28', null, '2026-02-28', '2026-03-01'],
    ['its last day', null, '2024-03-01', '2024-02-01', '2024-03-01'],
    ['both', '2025-01-01', '2025-01-01', '2025-01-01', '2025-01-01'],
    ['a leap year', '2024-01-01', '2024-12-31', '2024-01-01', '2024-12-31'],
  ])('is whole days of UTC, given %s', (_, from, to, first, last) => {
    expect(summarySpanOf({ from, to }, NOW)).toEqual({ from: first, to: last });
  });

  it.each([
    ['a day there is not', '2026-02-30', null, 'from'],
    ['a last day there is not', null, '2026-13-01', 'to'],
    ['the year 0', null, '0000-01-01', 'to'],
    ['a last day too early to look back from', null, '0001-01-02', 'to'],
    ['a first day after the last', '2026-03-02', '2026-03-01', 'from'],
    ['more than 366 days', '2024-01-01', '2025-01-01', 'from'],
  ])('is refused with %s', (_, from, to, field) => {
    expect(summarySpanOf({ from, to }, NOW)).toMatchObject([{ field, code: 'FIELD_INVALID' }]);
  });
});
