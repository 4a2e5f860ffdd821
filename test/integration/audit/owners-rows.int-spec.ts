import { Arrivals } from '../../../src/modules/audit/application/arrivals.port';
import { type AuditPage, AuditQueries, type LogSubject } from '../../../src/modules/audit/application/audit-queries';
import { AuditTrail } from '../../../src/modules/audit/application/audit-trail.port';
import { ExportAuditLog } from '../../../src/modules/audit/application/export-audit-log';
import { operatorsReading } from '../../../src/modules/audit/application/reading';
import { readEventLine } from '../../../src/modules/audit/infrastructure/lines/event-lines';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import type { RecordedEvent } from '../../../src/platform/events/event-subscriptions';
import { anEvent } from '../../support/an-event';
import { aContext, type TestContext } from '../../support/context';

const EVERYBODY: LogSubject = { kind: 'everybody' };
const PLAIN = { format: 'ndjson', order: 'oldest_first' } as const;

const at = (day: string): Date => new Date(`2026-${day}T12:00:00.000Z`);

/** In the order they are recorded; the third is older than the second. */
const EVENTS: readonly Partial<RecordedEvent>[] = [
  { requestId: 'a', at: at('01-10') },
  { requestId: 'b', at: at('02-12') },
  { requestId: 'c', at: at('02-11') },
  { requestId: 'd', at: at('02-12') },
  { requestId: 'e', at: at('03-01') },
  { requestId: 'f', at: at('03-02') },
  { requestId: 'g', at: at('03-02') },
];

describe('a log its owner put rows into', () => {
  const BEYOND = '9007199254740993';
  let context: TestContext;
  const put = (sequence: string, when: Date): Promise<unknown> =>
    context.source.query(
      `INSERT INTO audit_events (sequence, id, occurred_at, actor, action, outcome, risk_score, details)
       OVERRIDING SYSTEM VALUE VALUES ($1, gen_random_uuid(), $2, 'system', 'role.created', 'success', 0, '{}')`,
      [sequence, when],
    );

  beforeAll(async () => {
    context = await aContext({ prepared: false });
    const { app } = context;
    for (const event of EVENTS) await app.get(UnitOfWork).run(() => app.get(AuditTrail).record(anEvent(event)));
  });
  afterAll(() => context.stop());

  it('is read to its end though a number is there twice', async () => {
    const queries = context.app.get(AuditQueries);
    const [twice] = (await queries.page(EVERYBODY, { requestId: 'd' }, { limit: 1, before: null })).items;
    await put(twice?.sequence ?? '', at('02-01'));
    const [limit, through] = [1, await queries.newest()];
    const read = async (next: (cursor: string | null) => Promise<AuditPage>): Promise<string> => {
      let [found, cursor]: [string, string | null] = ['', null];
      do {
        const page = await next(cursor);
        found += page.items.map(({ requestId }) => requestId ?? '-').join('');
        cursor = page.nextCursor;
      } while (cursor !== null && found.length < 20);
      return found;
    };
    expect(await read((before) => queries.page(EVERYBODY, {}, { limit, before }))).toBe('gfeda');
    const runs = { limit, through, order: 'oldest_first' } as const;
    expect(await read((after) => queries.run(EVERYBODY, {}, { ...runs, after }))).toBe('a-efg');
    expect(await read((after) => queries.run(EVERYBODY, {}, { ...runs, after, order: 'by_number' }))).toBe('abc-efg');
  });

  it('is followed on behind a number the database never gave', async () => {
    const follower = await context.app.get(Arrivals).follow(EVERYBODY, {});
    await put('9000000000000000001', at('03-07'));
    const shown = (await follower.next()).map(({ sequence }) => sequence);
    await context.app.get(UnitOfWork).run(() => context.app.get(AuditTrail).record(anEvent({ requestId: 'behind' })));
    const next = async (): Promise<unknown[]> => (await follower.next()).map(({ requestId }) => requestId);
    expect([shown, await next(), await next()]).toEqual([['9000000000000000001'], ['behind'], []]);
  });

  it('is exported whole, and a number no program holds exactly is written as text', async () => {
    await put(BEYOND, at('03-06'));
    const pieces = await context.app
      .get(ExportAuditLog)
      .execute({ ...operatorsReading(null), filter: { from: at('03-06') }, ...PLAIN });
    let text = '';
    for await (const piece of pieces) text += piece.text;
    expect(text.split('\n')[0]).toContain(`"sequence":"${BEYOND}"`);
    expect(readEventLine(text.split('\n')[0] ?? '').record.sequence).toBe(BEYOND);
  });
});
