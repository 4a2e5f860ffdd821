import { Database } from '../../../src/platform/database/database';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { TenancyQueries } from '../../../src/modules/tenancy/application/tenancy-queries';
import { Tenants } from '../../../src/modules/tenancy/application/tenants.port';
import { aTenant } from '../../support/a-tenant';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { gate, untilWaiting } from '../../support/gates';

describe.each(DATABASES)('a unit of work (%s)', (database) => {
  let context: TestContext;
  let work: UnitOfWork;
  let tenants: Tenants;

  const isStored = async (slug: string): Promise<boolean> =>
    (await context.app.get(TenancyQueries).find(slug)) !== null;

  beforeAll(async () => {
    context = await aContext({ database, prepared: false });
    [work, tenants] = [context.app.get(UnitOfWork), context.app.get(Tenants)];
  });
  afterAll(() => context.stop());

  it('is where writes happen: there is no writer and no instant outside one', () => {
    const outside = context.app.get(Database);
    expect(() => outside.writer).toThrow('outside UnitOfWork');
    expect(() => outside.instant).toThrow('outside UnitOfWork');
  });

  it('is where writes happen: none is left when it has ended', async () => {
    await work.run(() => Promise.resolve());
    await expect(tenants.add(aTenant())).rejects.toThrow('outside UnitOfWork');
  });

  it('keeps what it wrote when it returns, and gives back what it returned', async () => {
    const tenant = aTenant();
    expect(await work.run(() => tenants.add(tenant))).toBe(true);
    expect(await isStored(tenant.slug)).toBe(true);
  });

  it('keeps nothing of what it wrote when it throws, and throws the same', async () => {
    const tenant = aTenant();
    const failure = new Error('something else went wrong');
    const failing = work.run(async () => {
      await tenants.add(tenant);
      throw failure;
    });
    await expect(failing).rejects.toBe(failure);
    expect(await isStored(tenant.slug)).toBe(false);
  });

  it('sees its own writes before anybody else does', async () => {
    const tenant = aTenant();
    await work.run(async () => {
      await tenants.add(tenant);
      expect(await isStored(tenant.slug)).toBe(true);
    });
  });

  it('happens at one instant, however long it takes', async () => {
    const instants = await work.run(async (now) => {
      context.clock.advance({ seconds: 5 });
      return [now, await work.run((inner) => Promise.resolve(inner)), context.app.get(Database).instant];
    });
    expect(new Set(instants.map((instant) => instant.getTime())).size).toBe(1);
  });

  it('takes a nested one in: what that wrote is gone when the outer one throws', async () => {
    const tenant = aTenant();
    const failing = work.run(async () => {
      await work.run(() => tenants.add(tenant));
      throw new Error('after the nested one');
    });
    await expect(failing).rejects.toThrow('after the nested one');
    expect(await isStored(tenant.slug)).toBe(false);
  });

  it('is apart from another one that runs at the same time', async () => {
    const [kept, lost] = [aTenant(), aTenant()];
    await Promise.allSettled([
      work.run(() => tenants.add(kept)),
      work.run(async () => {
        await tenants.add(lost);
        throw new Error('only this one');
      }),
    ]);
    expect([await isStored(kept.slug), await isStored(lost.slug)]).toEqual([true, false]);
  });

  it('begins anew when another one was in its way, and gives up when it always is', async () => {
    const inTheWay = (): Promise<unknown> =>
      context.app
        .get(Database)
        .writer.query("DO $$ BEGIN RAISE EXCEPTION 'another one won' USING ERRCODE = 'deadlock_detected'; END $$");
    const tenant = aTenant();
    let runs = 0;
    const outcome = await work.run(async () => {
      await tenants.add(tenant);
      if ((runs += 1) === 1) await inTheWay();
      return 'done';
    });
    expect([outcome, runs, await isStored(tenant.slug)]).toEqual(['done', 2, true]);
    runs = 0;
    const never = work.run(async () => {
      runs += 1;
      await inTheWay();
    });
    await expect(never).rejects.toThrow('another one won');
    expect(runs).toBe(3);
  });

  it('runs alone under its name: the next one waits, and then sees what the first one wrote', async () => {
    const tenant = aTenant();
    const [inside, mayEnd] = [gate(), gate()];
    const first = work.runAlone('a test', async () => {
      inside.open();
      await mayEnd.opened;
      await tenants.add(tenant);
    });
    await inside.opened;

    const second = work.runAlone('a test', () => isStored(tenant.slug));
    await Promise.race([second, untilWaiting(context, 1)]);
    mayEnd.open();
    await first;

    expect(await second).toBe(true);
  });
});
