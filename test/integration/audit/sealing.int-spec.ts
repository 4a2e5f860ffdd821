import { AuditKeys } from '../../../src/modules/audit/application/seals/audit-keys.port';
import { DailyCounts } from '../../../src/modules/audit/application/seals/daily-counts.port';
import { LoggedEvents } from '../../../src/modules/audit/application/seals/logged-events.port';
import { SealAuditLog } from '../../../src/modules/audit/application/seals/seal-audit-log';
import { Seals } from '../../../src/modules/audit/application/seals/seals.port';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { Log, OURS, THEIRS } from '../../support/audit-log';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';

/** One of several processes: it shares nothing with the others but the database. */
class Sealer extends SealAuditLog {
  constructor({ app }: TestContext) {
    super(app.get(LoggedEvents), app.get(Seals), app.get(AuditKeys), app.get(DailyCounts), app.get(UnitOfWork));
  }
}

type SealRow = {
  readonly number: number;
  readonly month: string;
  readonly sequences: readonly number[];
  readonly events: number;
  readonly unsigned: number;
  readonly foreign_sequences: readonly number[];
  readonly tenants: Readonly<Record<string, number>>;
};

describe.each(DATABASES)('sealing the audit log (%s)', (database) => {
  let context: TestContext;
  let log: Log;

  beforeAll(async () => {
    context = await aContext({ database, prepared: false });
    log = new Log(context);
  });
  afterAll(() => context.stop());

  const seals = (): Promise<SealRow[]> =>
    context.source.query<SealRow[]>(
      `SELECT number::int, month::text, to_json(sequences) AS sequences, events, unsigned,
              to_json(foreign_sequences) AS foreign_sequences, tenants FROM audit_seals ORDER BY number`,
    );

  /** As the version before wrote them, or somebody who has the table and not the key. */
  const unsigned = (count = 1): Promise<unknown> =>
    context.source.query(
      `INSERT INTO audit_events (id, occurred_at, actor, action, outcome, risk_score, details)
       SELECT gen_random_uuid(), '2026-01-01', 'system', 'auth.login', 'success', 0, '{}' FROM generate_series(1, $1)`,
      [count],
    );

  it('takes no more than a thousand into one seal', async () => {
    await unsigned(1001);
    expect(await log.seal()).toBe(1001);
    expect((await seals()).map(({ number, events, unsigned }) => [number, events, unsigned])).toEqual([
      [1, 1000, 1000],
      [2, 1, 1],
    ]);
  });

  it('takes events of the version before until the rollout is over, a day after the first seal', async () => {
    context.clock.advance({ seconds: 86_399 });
    await unsigned();
    await log.seal();
    context.clock.advance({ seconds: 1 });
    await unsigned();
    await log.seal();
    expect((await seals()).slice(2)).toMatchObject([
      { sequences: [1002], unsigned: 1, foreign_sequences: [] },
      { sequences: [1003], unsigned: 0, foreign_sequences: [1003] },
    ]);
    const inserted = { sequence: 1003, eventId: expect.any(String) as string, seal: 4, reason: 'inserted' };
    expect((await log.verify()).findings).toEqual([inserted]);
  });

  it('puts committed events in order into seals that follow each other, none of two months', async () => {
    await log.recordSome(2);
    await log.record({ tenantId: THEIRS });
    await log.record({ tenantId: null, at: new Date('2026-01-31T23:59:59.999Z') });
    await log.recordSome(2, { at: new Date('2026-02-01T00:00:00.000Z') });
    await log.record();
    expect(await log.seal()).toBe(7);
    await log.record();
    expect(await log.seal()).toBe(1);
    expect((await seals()).slice(4)).toMatchObject([
      {
        ...{ number: 5, month: '2026-01-01', sequences: [1004, 1005, 1006, 1007] },
        ...{ tenants: { [OURS]: 2, [THEIRS]: 1, '': 1 }, unsigned: 0, foreign_sequences: [] },
      },
      { number: 6, month: '2026-02-01', sequences: [1008, 1009] },
      { number: 7, month: '2026-01-01', sequences: [1010] },
      { number: 8, month: '2026-01-01', sequences: [1011] },
    ]);
    expect(await log.seal()).toBe(0);
    expect(await log.verify(null, 4)).toMatchObject({ events: 8, findings: [], complete: true });
  });

  it('counts days up with each seal', async () => {
    await log.record({ type: 'tenant.created' });
    await log.seal();
    await log.recordSome(2, { type: 'tenant.created', at: new Date('2026-01-01T23:59:59.999Z') });
    await log.record({ type: 'tenant.created', outcome: 'failure', at: new Date('2026-01-02T00:00:00.000Z') });
    await log.record({ type: 'tenant.created', tenantId: null });
    await log.seal();
    const days = await context.source.query<unknown[]>(
      `SELECT day::text, tenant_id, outcome, count::int FROM audit_daily WHERE action = 'tenant.created'
       ORDER BY day, tenant_id, outcome`,
    );
    expect(days).toEqual([
      { day: '2026-01-01', tenant_id: OURS, outcome: 'success', count: 3 },
      { day: '2026-01-01', tenant_id: null, outcome: 'success', count: 1 },
      { day: '2026-01-02', tenant_id: OURS, outcome: 'failure', count: 1 },
    ]);
    const ofAll = await context.source.query<unknown[]>(
      `SELECT day::text, outcome, count::int FROM audit_daily_of_all WHERE action = 'tenant.created' ORDER BY day`,
    );
    expect(ofAll).toEqual([
      { day: '2026-01-01', outcome: 'success', count: 4 },
      { day: '2026-01-02', outcome: 'failure', count: 1 },
    ]);
  });

  it('works a backlog off in one run, though clocks that differ at the end of a month make many small seals of it', async () => {
    const months = [new Date('2026-01-31T23:59:59.999Z'), new Date('2026-02-01T00:00:00.000Z')];
    for (let made = 0; made < 24; made += 1) await log.record({ at: months[made % 2] ?? new Date(0) });
    expect(await log.seal()).toBe(24);
  });

  it('makes one chain and one key however many seal at once', async () => {
    await log.recordSome(8);
    const { length } = await seals();
    await Promise.all([1, 2, 3, 4].map(() => new Sealer(context).execute()));
    await log.seal();
    expect((await seals()).slice(length).flatMap(({ sequences }) => sequences)).toHaveLength(8);
    expect(await log.verify(null, length)).toMatchObject({ complete: true, events: 8, findings: [] });
    expect(await context.source.query('SELECT count(*)::int AS keys FROM audit_keys')).toEqual([{ keys: 1 }]);
  });
});
