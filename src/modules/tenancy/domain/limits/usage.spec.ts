import { daysBefore, isDay, isPeriodOf, secondsLeftOf, spanOf, type WantedSpan } from './usage';

const NOON = new Date('2026-03-01T12:00:00.000Z');
const wanted = (change: Partial<WantedSpan> = {}): WantedSpan => ({
  from: null,
  to: null,
  granularity: null,
  ...change,
});

describe('a day', () => {
  it.each(['2026-01-01', '2028-02-29', '1999-12-31'])('is %s', (text) => {
    expect(isDay(text)).toBe(true);
  });

  it.each([
    '2026-02-30',
    '2027-02-29',
    '2026-13-01',
    '2026-1-1',
    '20260101',
    '0000-01-01',
    '2026-01-01T00:00:00Z',
    ' 2026-01-01',
    '',
  ])('is not %p', (text) => {
    expect(isDay(text)).toBe(false);
  });

  it('ends at midnight in UTC', () => {
    expect(secondsLeftOf(NOON)).toBe(43_200);
    expect(secondsLeftOf(new Date('2026-03-01T23:59:59.001Z'))).toBe(1);
    expect(secondsLeftOf(new Date('2026-03-01T00:00:00.000Z'))).toBe(86_400);
  });

  it('comes so many days before another', () => {
    expect([daysBefore(NOON, 0), daysBefore(NOON, 1), daysBefore(NOON, 400)]).toEqual([
      '2026-03-01',
      '2026-02-28',
      '2025-01-25',
    ]);
  });

  it('lies in its own month and no other', () => {
    expect([isPeriodOf('2026-03', '2026-03-01'), isPeriodOf('2026-02', '2026-03-01')]).toEqual([true, false]);
    expect([isPeriodOf('2026-03-01', '2026-03-01'), isPeriodOf('2026-03-02', '2026-03-01')]).toEqual([true, false]);
  });
});

describe('the span somebody asks for', () => {
  it('is the last thirty days, today among them, when they say nothing', () => {
    expect(spanOf(wanted(), NOON)).toEqual({ from: '2026-01-31', to: '2026-03-01', granularity: 'day' });
  });

  it('ends where they say, and begins thirty days before that', () => {
    expect(spanOf(wanted({ to: '2026-01-30' }), NOON)).toMatchObject({ from: '2026-01-01', to: '2026-01-30' });
  });

  it.each<[string, Partial<WantedSpan>, string]>([
    ['no day at its end', { to: '2026-02-30' }, 'to'],
    ['no day at its beginning', { from: 'yesterday' }, 'from'],
    ['a beginning in a year there was not', { from: '0000-01-01', to: '0001-01-05' }, 'from'],
    ['an end in a year there was not', { from: '0000-01-01', to: '0000-01-05' }, 'to'],
    ['an end so early that it would begin before the first year', { to: '0001-01-10' }, 'to'],
    ['an end before its beginning', { from: '2026-03-02', to: '2026-03-01' }, 'from'],
    ['a day more than 400', { from: '2025-01-25', to: '2026-03-01' }, 'from'],
    ['a month more than 400', { from: '1992-11-30', to: '2026-03-01', granularity: 'month' }, 'from'],
  ])('has not %s', (_, change, field) => {
    expect(spanOf(wanted(change), NOON)).toMatchObject([{ field, code: 'FIELD_INVALID' }]);
  });

  it('is as long as 400 days, or as many months', () => {
    expect(spanOf(wanted({ from: '2025-01-26', to: '2026-03-01' }), NOON)).toHaveProperty('from');
    expect(spanOf(wanted({ from: '1992-12-01', to: '2026-03-01', granularity: 'month' }), NOON)).toHaveProperty('from');
  });
});
