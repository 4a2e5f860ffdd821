import * as fc from 'fast-check';
import { type LoggedEvent, monthOf } from './logged-event';
import { acceptsUnsigned, firstBatchOf } from './new-seal';

function eventAt(occurredAt: string, index: number): LoggedEvent {
  const nothing = { tenantId: null, userId: null, actorId: null, apiKeyId: null, target: null, personal: null };
  const record = {
    ...nothing,
    ...{ id: '', sequence: String(index + 1), occurredAt, actor: 'system', action: 'auth.login', outcome: 'success' },
    ...{ ipAddress: null, userAgent: null, requestId: null, riskScore: 0, details: {} },
  };
  return { record, authorship: 'signed', isSound: true };
}

const instants = fc.constantFrom(
  '2026-01-31T23:59:59.999Z',
  '2026-02-01T00:00:00.000Z',
  '2026-03-05T00:00:00.000Z',
  '',
);

describe('batches', () => {
  it('hold all events once and in order, none of them two months or more than it takes, and no fewer than it could', () => {
    fc.assert(
      fc.property(fc.array(instants, { maxLength: 40 }), fc.integer({ min: 1, max: 8 }), (times, most) => {
        const events = times.map(eventAt);
        const batches: (readonly LoggedEvent[])[] = [];
        for (let rest = events; rest.length > 0; rest = rest.slice(batches.at(-1)?.length)) {
          batches.push(firstBatchOf(rest, most));
        }
        expect(batches.flat()).toEqual(events);
        batches.forEach((batch, index) => {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(most);
          expect(new Set(batch.map(monthOf)).size).toBe(1);
          const next = batches[index + 1]?.[0];
          if (next && batch.length < most) expect(monthOf(next)).not.toBe(monthOf(batch[0]!));
        });
      }),
    );
  });

  it('of nothing are nothing', () => {
    expect(firstBatchOf([])).toEqual([]);
  });
});

describe('events without a mac', () => {
  const at = new Date('2026-01-02T00:00:00.000Z');
  it.each<[string, Parameters<typeof acceptsUnsigned>[0], boolean]>([
    ['while nothing is sealed', null, true],
    ['within a day of a first seal with such', { unsigned: 1, sealedAt: '2026-01-01T00:00:00.001Z' }, true],
    ['a day after it', { unsigned: 1, sealedAt: '2026-01-01T00:00:00.000Z' }, false],
    ['at no time where the first seal has none', { unsigned: 0, sealedAt: '2026-01-01T23:59:59.999Z' }, false],
  ])('are of a version before %s: %p', (_, first, expected) => {
    expect(acceptsUnsigned(first, at)).toBe(expected);
  });
});
