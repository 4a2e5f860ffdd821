import { randomUUID } from 'node:crypto';
import { tenantId } from '../../src/kernel/ids';
import { type TenantFilter, TenantQueries } from '../../src/modules/tenancy/application/tenants/tenant-queries';
import { Tenants } from '../../src/modules/tenancy/application/tenants.port';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { type Member, Stored } from '../support/stored';

const ALL: TenantFilter = { search: null, status: null };
const PAGE = { limit: 100, cursor: null };

describe.each(DATABASES)('reading tenants (%s)', (database) => {
  let context: TestContext;
  let queries: TenantQueries;
  let stored: Stored;

  beforeAll(async () => {
    context = await aContext({ database });
    [queries, stored] = [context.app.get(TenantQueries), new Stored(context)];
  });
  afterAll(() => context.stop());

  const also = async ({ userId }: Member, tenant: Parameters<Stored['tenant']>[0] = {}): Promise<Member> => {
    const member = { userId, tenantId: (await stored.tenant(tenant)).id };
    await stored.member(member);
    return member;
  };
  const listOf = async ({ userId }: Member, filter: Partial<TenantFilter> = {}): Promise<string[]> =>
    (await queries.listOf(userId, { ...ALL, ...filter }, PAGE)).items.map(({ id }) => id);

  it('finds a tenant by its id, and none by that of none', async () => {
    const tenant = await stored.tenant();
    expect(await queries.find(tenant.id)).toEqual({ ...tenant, purgeAfter: null });
    expect(await queries.find(tenantId(randomUUID()))).toBeNull();
  });

  it('lists those of a user, and none of others', async () => {
    const [ann, bob] = [await stored.newMember(), await stored.newMember()];
    const there = await also(ann);
    await also(bob);
    expect(await listOf(ann)).toEqual([ann.tenantId, there.tenantId].sort());
  });

  it('lists a suspended one of a user, and none that was deleted, or where they are locked', async () => {
    const ann = await stored.newMember();
    const [suspended, deleted, locked] = [await also(ann, { status: 'suspended' }), await also(ann), await also(ann)];
    await context.app.get(UnitOfWork).run(async (now) => {
      const tenant = (await context.app.get(Tenants).take(deleted.tenantId))!;
      await context.app.get(Tenants).save({ ...tenant, status: 'deleted', purgeAfter: now });
    });
    await context.source.query("UPDATE memberships SET status = 'locked' WHERE tenant_id = $1", [locked.tenantId]);
    expect(await listOf(ann)).toEqual([ann.tenantId, suspended.tenantId].sort());
    expect(await listOf(ann, { status: 'suspended' })).toEqual([suspended.tenantId]);
    expect(await listOf(ann, { status: 'deleted' })).toEqual([]);
    expect((await queries.list({ ...ALL, status: 'deleted' }, PAGE)).items.map(({ id }) => id)).toEqual([
      deleted.tenantId,
    ]);
  });

  it('searches names and slugs, upper and lower case alike, for a text and no pattern', async () => {
    const ann = await stored.newMember({}, { name: 'The 50%_Club', slug: `fifty-${randomUUID().slice(0, 8)}` });
    for (const search of ['50%_c', 'FIFTY-', 'the']) expect(await listOf(ann, { search })).toEqual([ann.tenantId]);
    for (const search of ['5_%', '%', '\\', "'"].filter((one) => one !== '%')) {
      expect(await listOf(ann, { search })).toEqual([]);
    }
    expect(await listOf(await stored.newMember(), { search: '%' })).toEqual([]);
  });

  it('goes through all there are page by page, each once', async () => {
    const seen: string[] = [];
    let cursor = null;
    do {
      const page = await queries.list(ALL, { limit: 2, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    const all = await context.source.query<{ id: string }[]>('SELECT id FROM tenants ORDER BY id');
    expect(seen).toEqual(all.map(({ id }) => id));
  });
});
