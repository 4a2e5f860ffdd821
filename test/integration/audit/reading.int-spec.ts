import { randomUUID } from 'node:crypto';
import { tenantId, userId } from '../../../src/kernel/ids';
import {
  type AuditFilter,
  AuditQueries,
  type AuditSubject,
  type LogSubject,
} from '../../../src/modules/audit/application/audit-queries';
import { AuditTrail } from '../../../src/modules/audit/application/audit-trail.port';
import { ExportAuditLog } from '../../../src/modules/audit/application/export-audit-log';
import { operatorsReading } from '../../../src/modules/audit/application/reading';
import { SealAuditLog } from '../../../src/modules/audit/application/seals/seal-audit-log';
import { SummariseAuditLog } from '../../../src/modules/audit/application/summarise-audit-log';
import { AddressTag } from '../../../src/modules/audit/infrastructure/personal/address-tag';
import { RowScopes } from '../../../src/platform/database/row-scope';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import type { RecordedEvent } from '../../../src/platform/events/event-subscriptions';
import { anEvent } from '../../support/an-event';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';

const [ONE, OTHER] = [tenantId(randomUUID()), tenantId(randomUUID())];
const [ANN, BOB] = [userId(randomUUID()), userId(randomUUID())];
const EVERYBODY: LogSubject = { kind: 'everybody' };
const OF_ONE: LogSubject = { kind: 'tenant', tenant: ONE };
const SHARED_TAG = 7;
const PLAIN = { format: 'ndjson', order: 'oldest_first' } as const;

const at = (day: string): Date => new Date(`2026-${day}T12:00:00.000Z`);

/** In the order they are recorded; the third is older than the second, as a transaction that took long would be. */
const EVENTS: readonly Partial<RecordedEvent>[] = [
  { requestId: 'a', at: at('01-10'), userId: ANN, tenantId: ONE },
  { requestId: 'b', at: at('02-12'), userId: ANN, tenantId: ONE, ipAddress: '203.0.113.8' },
  { requestId: 'c', at: at('02-11'), userId: BOB, tenantId: ONE, outcome: 'failure', riskScore: 40 },
  { requestId: 'd', at: at('02-12'), userId: BOB, tenantId: ONE, type: 'role.created', riskScore: 90 },
  { requestId: 'e', at: at('03-01'), userId: null, tenantId: ONE, outcome: 'failure', ipAddress: '203.0.113.8' },
  { requestId: 'f', at: at('03-02'), userId: ANN, tenantId: OTHER },
  { requestId: 'g', at: at('03-02'), userId: ANN, tenantId: null, actorId: BOB },
];

describe.each(DATABASES)('reading the audit log (%s)', (database) => {
  let context: TestContext;

  const record = async (...events: readonly Partial<RecordedEvent>[]): Promise<void> => {
    for (const event of events) {
      await context.app.get(UnitOfWork).run(() => context.app.get(AuditTrail).record(anEvent(event)));
    }
  };

  beforeAll(async () => {
    context = await aContext({
      database,
      prepared: false,
      overrides: [[AddressTag, { tagger: () => () => SHARED_TAG }]],
    });
    await context.app.init();
    await record(...EVENTS);
  });
  afterAll(() => context.stop());

  const page = async (subject: AuditSubject, filter: AuditFilter = {}, before: string | null = null, limit = 100) => {
    const { items, nextCursor } = await context.app.get(AuditQueries).page(subject, filter, { limit, before });
    return { found: items.map(({ requestId }) => requestId).join(''), items, nextCursor };
  };

  it('goes by time, newest first, and by sequence where that is the same', async () => {
    expect((await page(EVERYBODY)).found).toBe('gfedbca');
    expect((await page(OF_ONE)).found).toBe('edbca');
  });

  it.each<[AuditFilter, string, string]>([
    [{ userId: ANN }, 'gfba', 'ba'],
    [{ action: 'role.created' }, 'd', 'd'],
    [{ outcome: 'failure' }, 'ec', 'ec'],
    [{ ipAddress: '203.0.113.8' }, 'eb', 'eb'],
    [{ ipAddress: '203.0.113.9' }, '', ''],
    [{ requestId: 'f' }, 'f', ''],
    [{ minRisk: 0 }, 'gfedbca', 'edbca'],
    [{ minRisk: 40 }, 'dc', 'dc'],
    [{ minRisk: 41 }, 'd', 'd'],
    [{ from: at('02-12') }, 'gfedb', 'edb'],
    [{ to: at('02-12') }, 'ca', 'ca'],
    [{ from: at('02-11'), to: at('03-02') }, 'edbc', 'edbc'],
    [{ from: at('02-11'), outcome: 'failure', minRisk: 1 }, 'c', 'c'],
  ])('finds by %j what there is, and of a tenant its own', async (filter, all, own) => {
    expect([(await page(EVERYBODY, filter)).found, (await page(OF_ONE, filter)).found]).toEqual([all, own]);
  });

  it.each<AuditFilter>([{}, { outcome: 'failure' }, { from: at('02-11') }, { ipAddress: '203.0.113.7' }])(
    'misses nothing and repeats nothing from page to page of %j',
    async (filter) => {
      const whole = (await page(EVERYBODY, filter)).found;
      for (const limit of [1, 2, 3]) {
        let [found, cursor]: [string, string | null] = ['', null];
        do {
          const next = await page(EVERYBODY, filter, cursor, limit);
          found += next.found;
          cursor = next.nextCursor;
        } while (cursor !== null);
        expect(found).toBe(whole);
      }
    },
  );

  it('goes on by the number alone behind an event there is not, or is no more', async () => {
    expect(await page(EVERYBODY, {}, '999999999999999999')).toEqual(await page(EVERYBODY, {}));
    expect(await page(EVERYBODY, {}, '1')).toMatchObject({ found: '', nextCursor: null });
  });

  it('lets nobody find out by asking what their own log does not show', async () => {
    const own = (filter: AuditFilter) =>
      context.app.get(AuditQueries).ofUser(ANN, { ...filter, from: at('03-02') }, { limit: 10, before: null });
    expect((await own({})).items.map(({ tenantId: tenant, ipAddress }) => [tenant, ipAddress])).toEqual([
      [null, null],
      [OTHER, '203.0.113.7'],
    ]);
    expect((await own({ ipAddress: '203.0.113.7' })).items).toHaveLength(1);
    expect((await own({ requestId: 'g' })).items).toEqual([]);
  });

  it('leaves off at last among events that only share the bits of an address, and goes on with the next page', async () => {
    await record({ requestId: 'first', at: at('04-01'), userId: ANN, tenantId: OTHER, ipAddress: '203.0.113.77' });
    await context.source.query(
      `INSERT INTO audit_events (id, occurred_at, tenant_id, user_id, actor, action, outcome, risk_score, details,
                                 personal_digest, personal_box, ip_tag)
       SELECT gen_random_uuid(), $1, $2, $3, 'user', 'auth.login', 'success', 0, '{}', 'x', 'x', $4
       FROM generate_series(1, 1500)`,
      [at('04-02'), OTHER, ANN, SHARED_TAG],
    );
    await record({ requestId: 'last', at: at('04-03'), userId: ANN, tenantId: OTHER, ipAddress: '203.0.113.77' });
    const pages: string[] = [];
    let cursor: string | null = null;
    do {
      const next = await page(EVERYBODY, { ipAddress: '203.0.113.77' }, cursor, 20);
      pages.push(next.found);
      cursor = next.nextCursor;
    } while (cursor !== null);
    expect(pages.join('')).toBe('lastfirst');
    expect(pages.length).toBe(2);
  });

  describe('as a file', () => {
    const collect = async (pieces: AsyncIterable<{ text: string; count: number; share: number }>) => {
      const all: { text: string; count: number; share: number }[] = [];
      for await (const piece of pieces) all.push(piece);
      return all;
    };
    const exported = (filter: AuditFilter = {}) =>
      context.app.get(ExportAuditLog).execute({ ...operatorsReading(OTHER), filter, ...PLAIN });

    it('comes run by run, oldest first, whoever asks for the next run', async () => {
      context.clock.advance({ seconds: 400 * 86_400 });
      const scopes = context.app.get(RowScopes);
      const scope = { kind: 'tenant', tenant: OTHER, user: ANN } as const;
      const pieces = await scopes.run(scope, () => exported());
      const all = await scopes.run({ kind: 'nothing' }, () => collect(pieces));
      const lines = all
        .flatMap(({ text }) => text.trim().split('\n'))
        .map((line) => JSON.parse(line) as { occurred_at: string; sequence: number; tenant_id: string });
      expect(lines).toHaveLength(1503);
      expect(all.length).toBeGreaterThan(3);
      expect(new Set(lines.map(({ tenant_id: tenant }) => tenant))).toEqual(new Set([OTHER]));
      const order = lines.map(({ occurred_at: time, sequence }) => `${time} ${String(sequence).padStart(9, '0')}`);
      expect(order).toEqual([...order].sort());
      expect(all.at(-1)?.share).toBe(1);
    });

    it('is recorded before anything of it is there, and does not hold that', async () => {
      await exported({ action: 'audit.exported' });
      const pieces = await exported({ action: 'audit.exported', to: new Date('2999-01-01') });
      const text = (await collect(pieces)).map((piece) => piece.text).join('');
      expect([text.includes('"filters":["action"]'), text.includes('"filters":["action","to"]')]).toEqual([
        true,
        false,
      ]);
      const { items } = await context.app
        .get(AuditQueries)
        .page(EVERYBODY, { action: 'audit.exported' }, { limit: 1, before: null });
      expect(items[0]).toMatchObject({
        ...{ actor: 'system', userId: null, tenantId: OTHER },
        details: { format: 'ndjson', filters: ['action', 'to'] },
      });
    });
  });

  describe('by days', () => {
    const summary = async (subject: LogSubject) => {
      const { items } = await context.app
        .get(SummariseAuditLog)
        .execute(subject, { from: '2026-02-11', to: '2026-03-01' });
      return items.map(({ day, action, outcome, count }) => `${day} ${action} ${outcome} ${String(count)}`);
    };
    const ofOne = [
      '2026-02-11 auth.login failure 1',
      '2026-02-12 auth.login success 1',
      '2026-02-12 role.created success 1',
      '2026-03-01 auth.login failure 1',
    ];

    it('counts each event once, sealed or not', async () => {
      await record({ at: at('02-12'), tenantId: OTHER }, { at: new Date('2026-02-10T23:59:59.999Z'), tenantId: OTHER });
      const all = ofOne.map((line) => line.replace('02-12 auth.login success 1', '02-12 auth.login success 2'));
      expect([await summary(OF_ONE), await summary(EVERYBODY)]).toEqual([ofOne, all]);

      const sealing = context.app.get(SealAuditLog);
      expect(await sealing.execute()).toBeGreaterThan(EVENTS.length);
      expect([await summary(OF_ONE), await summary(EVERYBODY)]).toEqual([ofOne, all]);
      await record({ at: at('02-20'), tenantId: ONE }, { at: at('02-11'), tenantId: ONE, outcome: 'failure' });
      const more = ['2026-02-11 auth.login failure 2', ...ofOne.slice(1, 3), '2026-02-20 auth.login success 1'];
      expect(await summary(OF_ONE)).toEqual([...more, ...ofOne.slice(3)]);
      await sealing.execute();
      expect(await summary(OF_ONE)).toEqual([...more, ...ofOne.slice(3)]);
    });
  });
});
