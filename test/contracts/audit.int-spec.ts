import { randomUUID } from 'node:crypto';
import { userId, type UserId } from '../../src/kernel/ids';
import { type AuditFilter, AuditQueries } from '../../src/modules/audit/application/audit-queries';
import { AuditTrail } from '../../src/modules/audit/application/audit-trail.port';
import { RowScopes } from '../../src/platform/database/row-scope';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import type { RecordedEvent } from '../../src/platform/events/event-subscriptions';
import { anEvent } from '../support/an-event';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';

const ALL = { limit: 100, before: null };
const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const someone = (): UserId => userId(randomUUID());

describe.each(DATABASES)('every audit log (%s)', (database) => {
  let context: TestContext;
  let trail: AuditTrail;
  let queries: AuditQueries;

  const record = (...events: RecordedEvent[]): Promise<void> =>
    context.app.get(UnitOfWork).run(async () => {
      for (const event of events) await trail.record(event);
    });
  const idsOf = async (user: UserId, filter: AuditFilter): Promise<string[]> =>
    (await queries.ofUser(user, filter, ALL)).items.map(({ id }) => id);

  beforeAll(async () => {
    context = await aContext({ database });
    [trail, queries] = [context.app.get(AuditTrail), context.app.get(AuditQueries)];
  });
  afterAll(() => context.stop());

  it('shows an event as it was recorded', async () => {
    const user = someone();
    const target = { type: 'session', id: randomUUID() };
    const details = { reason: 'so', methods: ['a', 'b'], factors: 1 };
    const event = anEvent({ type: 'mfa.disabled', userId: user, target, riskScore: 40, details });
    await record(event);
    const { items } = await queries.ofUser(user, {}, ALL);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      id: event.id,
      occurredAt: event.at.toISOString(),
      tenantId: event.tenantId,
      userId: user,
      actor: 'user',
      action: event.type,
      outcome: 'success',
      target,
      ipAddress: event.ipAddress,
      userAgent: event.userAgent,
      requestId: event.requestId,
      riskScore: 40,
      details,
    });
  });

  it('shows an event that tells next to nothing, without risk, target or details', async () => {
    const user = someone();
    await record(anEvent({ userId: user, tenantId: null, ipAddress: null, userAgent: null, requestId: null }));
    const [event] = (await queries.ofUser(user, {}, ALL)).items;
    expect(event).toMatchObject({ tenantId: null, target: null, ipAddress: null, riskScore: 0, details: {} });
  });

  it('never shows the event of another user, or of nobody', async () => {
    const [mine, other] = [someone(), someone()];
    const event = anEvent({ userId: mine });
    await record(event, anEvent({ userId: other }), anEvent({ userId: null }));
    expect(await idsOf(mine, {})).toEqual([event.id]);
  });

  it.each<[string, Partial<RecordedEvent>, AuditFilter]>([
    ['action', { type: 'auth.logout' }, { action: 'auth.logout' }],
    ['outcome', { outcome: 'failure' }, { outcome: 'failure' }],
    ['address', { ipAddress: '198.51.100.9' }, { ipAddress: '198.51.100.9' }],
    ['request', { requestId: 'r-42' }, { requestId: 'r-42' }],
    ['risk', { riskScore: 90 }, { minRisk: 90 }],
    ['first instant', { at: at(30) }, { from: at(30) }],
    ['last instant', { at: at(-30) }, { to: at(0) }],
  ])('narrows by %s', async (_by, difference, filter) => {
    const user = someone();
    const usual = anEvent({ userId: user, at: at(0), riskScore: 10 });
    const wanted = anEvent({ userId: user, at: at(0), ...difference });
    await record(usual, wanted);
    expect(await idsOf(user, filter)).toEqual([wanted.id]);
    const newestFirst = wanted.at < usual.at ? [usual.id, wanted.id] : [wanted.id, usual.id];
    expect(await idsOf(user, {})).toEqual(newestFirst);
  });

  it('narrows by all conditions at once', async () => {
    const user = someone();
    const both = anEvent({ userId: user, outcome: 'failure', riskScore: 50 });
    await record(both, anEvent({ userId: user, outcome: 'failure' }), anEvent({ userId: user, riskScore: 50 }));
    expect(await idsOf(user, { outcome: 'failure', minRisk: 50 })).toEqual([both.id]);
  });

  it('pages from the newest to the oldest, each event once, though new ones come meanwhile', async () => {
    const user = someone();
    const events = Array.from({ length: 5 }, () => anEvent({ userId: user }));
    await record(...events);
    const seen: string[] = [];
    let before: string | null = null;
    for (const size of [2, 2, 1]) {
      const page = await queries.ofUser(user, {}, { limit: 2, before });
      expect(page.items).toHaveLength(size);
      seen.push(...page.items.map(({ id }) => id));
      before = page.nextCursor;
      await record(anEvent({ userId: user }));
    }
    expect(before).toBeNull();
    expect(seen).toEqual(events.map(({ id }) => id).reverse());
  });

  it('ends on a full page without promising another', async () => {
    const user = someone();
    await record(anEvent({ userId: user }), anEvent({ userId: user }));
    expect(await queries.ofUser(user, {}, { limit: 2, before: null })).toMatchObject({ nextCursor: null });
  });

  it('never leaves the user, whatever the cursor', async () => {
    const [mine, other] = [someone(), someone()];
    await record(anEvent({ userId: other }), anEvent({ userId: mine }));
    const page = await queries.ofUser(mine, {}, { limit: 10, before: '999999999999999999' });
    expect(page.items.map((event) => event.userId)).toEqual([mine]);
  });

  it('records what concerns another tenant, or none, whatever tenant the work is about', async () => {
    const [ours, theirs] = [anEvent(), anEvent()];
    const scope = { kind: 'tenant', tenant: ours.tenantId!, user: ours.userId! } as const;
    const events = [theirs, anEvent({ tenantId: null, userId: null })];
    await context.app.get(RowScopes).run(scope, () => record(...events));
    expect(await idsOf(theirs.userId!, {})).toEqual([theirs.id]);
  });

  it('refuses to record outside a unit of work', async () => {
    await expect(trail.record(anEvent())).rejects.toThrow('outside UnitOfWork');
  });
});
