import { randomUUID } from 'node:crypto';
import { tenantId, type TenantId, userId } from '../../src/kernel/ids';
import { Quotas } from '../../src/modules/tenancy/application/limits/quotas.port';
import { type UsageBatch, UsageStore } from '../../src/modules/tenancy/application/limits/usage-store.port';
import { NO_LIMITS } from '../../src/modules/tenancy/domain/limits/tenant-limits';
import type { UsageSpan } from '../../src/modules/tenancy/domain/limits/usage';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { Stored } from '../support/stored';

const NOTHING = { requests: 0, sign_ins: 0, mails: 0, sms: 0, activeUsers: 0 };
const DAYS: UsageSpan = { from: '2026-01-31', to: '2026-02-02', granularity: 'day' };

describe.each(DATABASES)('every store of usage (%s)', (database) => {
  let context: TestContext;
  let store: UsageStore;
  let stored: Stored;

  beforeAll(async () => {
    context = await aContext({ database });
    store = context.app.get(UsageStore);
    stored = new Stored(context);
  });
  afterAll(() => context.stop());

  const run = <T>(work: () => Promise<T>): Promise<T> => context.app.get(UnitOfWork).run(work);
  const add = (batch: Partial<UsageBatch>): Promise<void> =>
    run(() => store.add({ counts: [], sightings: [], ...batch }));
  const used = (tenant: TenantId, day: string, amount: number) =>
    ({ tenantId: tenant, day, metric: 'requests', amount }) as const;

  it('adds to what is there, by tenant, day and metric', async () => {
    const [{ id: tenant }, { id: other }] = [await stored.tenant(), await stored.tenant()];
    const mails = { tenantId: tenant, day: '2026-01-31', metric: 'mails', amount: 2 } as const;
    await add({ counts: [used(tenant, '2026-01-31', 3), used(other, '2026-01-31', 50), mails] });
    await add({ counts: [used(tenant, '2026-01-31', 4), used(tenant, '2026-02-02', 1)] });
    expect(await store.periods(tenant, DAYS)).toEqual([
      { ...NOTHING, period: '2026-01-31', requests: 7, mails: 2 },
      { ...NOTHING, period: '2026-02-01' },
      { ...NOTHING, period: '2026-02-02', requests: 1 },
    ]);
    expect((await store.periods(other, DAYS)).map(({ requests }) => requests)).toEqual([50, 0, 0]);
  });

  it('counts the days of a span alone, of a month too', async () => {
    const { id: tenant } = await stored.tenant();
    const days = ['2026-01-30', '2026-01-31', '2026-02-01', '2026-02-02', '2026-02-03'];
    await add({ counts: days.map((day, nth) => used(tenant, day, 10 ** nth)) });
    const months = await store.periods(tenant, { ...DAYS, granularity: 'month' });
    expect(months).toEqual([
      { ...NOTHING, period: '2026-01', requests: 10 },
      { ...NOTHING, period: '2026-02', requests: 1100 },
    ]);
  });

  it('counts each user once a day, and once a month', async () => {
    const [ann, bob] = [await stored.newMember(), await stored.newMember()];
    const { tenantId: tenant } = ann;
    const seen = (user: typeof ann, day: string) => ({ tenantId: tenant, day, userId: user.userId });
    await add({ sightings: [seen(ann, '2026-02-01'), seen(bob, '2026-02-01'), seen(ann, '2026-02-02')] });
    await add({ sightings: [seen(ann, '2026-02-01')] });
    expect((await store.periods(tenant, DAYS)).map(({ activeUsers }) => activeUsers)).toEqual([0, 2, 1]);
    const months = await store.periods(tenant, { ...DAYS, granularity: 'month' });
    expect(months.map(({ activeUsers }) => activeUsers)).toEqual([0, 2]);
    expect((await store.periods(bob.tenantId, DAYS)).map(({ activeUsers }) => activeUsers)).toEqual([0, 0, 0]);
  });

  it('passes over tenants and users that are no more, and adds the rest', async () => {
    const ann = await stored.newMember();
    const [gone, nobody] = [tenantId(randomUUID()), userId(randomUUID())];
    const day = '2026-02-01';
    await add({
      counts: [used(gone, day, 5), used(ann.tenantId, day, 6)],
      sightings: [
        { tenantId: gone, day, userId: ann.userId },
        { tenantId: ann.tenantId, day, userId: nobody },
        { tenantId: ann.tenantId, day, userId: ann.userId },
      ],
    });
    const [, first] = await store.periods(ann.tenantId, DAYS);
    expect(first).toMatchObject({ requests: 6, activeUsers: 1 });
  });

  it('says what many tenants may have in a day and have had of it, and of none that is not there', async () => {
    const [{ id: limited }, { id: free }] = [await stored.tenant(), await stored.tenant()];
    await run(() =>
      context.app.get(Quotas).save(limited, { ...NO_LIMITS, maxRequestsPerDay: 9e15 }, context.clock.now()),
    );
    await add({ counts: [used(limited, '2026-02-01', 8), used(limited, '2026-02-02', 9)] });
    const standings = await store.standings([limited, free, tenantId(randomUUID())], '2026-02-01');
    const none = { maxRequestsPerDay: null, maxMailsPerDay: null, maxSmsPerDay: null };
    expect(new Map(standings.map((standing) => [standing.tenantId, standing]))).toEqual(
      new Map([
        [
          limited,
          { tenantId: limited, limits: { ...none, maxRequestsPerDay: 9e15 }, spent: { requests: 8, mails: 0, sms: 0 } },
        ],
        [free, { tenantId: free, limits: none, spent: { requests: 0, mails: 0, sms: 0 } }],
      ]),
    );
  });

  it('removes what is of days before one, so many at a time, and nothing of that day', async () => {
    const ann = await stored.newMember();
    const days = ['2020-01-01', '2020-01-02', '2020-01-03'];
    await add({
      counts: days.map((day) => used(ann.tenantId, day, 1)),
      sightings: days.map((day) => ({ ...ann, day })),
    });
    const remove = (most: number): Promise<number> => run(() => store.removeBefore('2020-01-03', most));
    expect([await remove(1), await remove(10), await remove(10)]).toEqual([1, 1, 0]);
    const left = await store.periods(ann.tenantId, { from: '2020-01-01', to: '2020-01-03', granularity: 'day' });
    expect(left.map(({ requests, activeUsers }) => [requests, activeUsers])).toEqual([
      [0, 0],
      [0, 0],
      [1, 1],
    ]);
  });
});
