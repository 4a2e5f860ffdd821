import { randomUUID } from 'node:crypto';
import { TenancyQueries } from '../../src/modules/tenancy/application/tenancy-queries';
import { Tenants } from '../../src/modules/tenancy/application/tenants.port';
import { SlugTaken } from '../../src/modules/tenancy/domain/tenant-errors';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { aTenant } from '../support/a-tenant';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { Stored } from '../support/stored';

const role = (name: string, ...permissions: string[]) => ({ name, description: `The ${name}`, permissions });

describe.each(DATABASES)('every store of tenants (%s)', (database) => {
  let context: TestContext;
  let tenants: Tenants;
  let queries: TenancyQueries;
  let work: UnitOfWork;
  let stored: Stored;

  beforeAll(async () => {
    context = await aContext({ database });
    [tenants, work, stored] = [context.app.get(Tenants), context.app.get(UnitOfWork), new Stored(context)];
    queries = context.app.get(TenancyQueries);
  });
  afterAll(() => context.stop());

  it('adds a tenant whose slug is free', async () => {
    const tenant = aTenant();
    expect(await work.run(() => tenants.add(tenant))).toBe(true);
    expect(await queries.find(tenant.slug)).toMatchObject({ id: tenant.id, name: tenant.name, status: 'active' });
  });

  it('stores nothing, and says so, when another tenant has the slug; the unit of work goes on', async () => {
    const { slug } = await stored.tenant();
    const [late, next] = [aTenant({ slug }), aTenant()];
    const added = await work.run(async () => [await tenants.add(late), await tenants.add(next)]);
    expect(added).toEqual([false, true]);
    expect(await queries.find(late.id)).toBeNull();
    expect((await queries.find(slug))?.id).not.toBe(late.id);
  });

  it('keeps name, slug and end of that tenant, and of no other', async () => {
    const [tenant, other] = [await stored.tenant(), await stored.tenant()];
    const purgeAfter = new Date('2026-02-01T00:00:00.000Z');
    await work.run(async () => {
      const taken = await tenants.take(tenant.id);
      expect(taken).toEqual({ ...tenant, purgeAfter: null });
      await tenants.save({ ...taken!, name: 'New', slug: `new-${tenant.slug}`, status: 'deleted', purgeAfter });
    });
    const changed = { name: 'New', slug: `new-${tenant.slug}`, status: 'deleted', purgeAfter };
    expect(await work.run(() => tenants.take(tenant.id))).toMatchObject(changed);
    expect(await work.run(() => tenants.take(other.id))).toEqual({ ...other, purgeAfter: null });
    expect(await work.run(() => tenants.take(aTenant().id))).toBeNull();
  });

  it('does not give a tenant the slug of another', async () => {
    const [tenant, other] = [await stored.tenant(), await stored.tenant()];
    const renaming = work.run(async () => tenants.save({ ...(await tenants.take(tenant.id))!, slug: other.slug }));
    await expect(renaming).rejects.toThrow(SlugTaken);
    expect((await queries.find(tenant.slug))?.id).toBe(tenant.id);
  });

  it('tells the deleted tenants whose grace is over, those that waited longest first, and takes no others', async () => {
    const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
    const deleted = async (purgeAfter: Date) => {
      const tenant = await stored.tenant();
      await work.run(() => tenants.save({ ...tenant, status: 'deleted', purgeAfter }));
      return tenant.id;
    };
    const [second, first, later] = [await deleted(at(2)), await deleted(at(1)), await deleted(at(11))];
    const inForce = (await stored.tenant()).id;
    expect([await tenants.isDeleted(later), await tenants.isDeleted(inForce)]).toEqual([true, false]);
    expect(await tenants.dueToPurge(at(10), 10)).toEqual([first, second]);
    expect(await tenants.dueToPurge(at(10), 1)).toEqual([first]);
    const take = (id: typeof first): Promise<boolean> => work.run(() => tenants.takeDue(id, at(10)));
    expect([await take(first), await take(later), await take(inForce)]).toEqual([true, false, false]);
  });

  it('makes a user a member of that tenant and of no other', async () => {
    const { userId, tenantId } = await stored.newMember();
    const other = await stored.tenant();
    expect(await queries.membershipOf(userId, tenantId)).toMatchObject({ tenant: { id: tenantId }, roles: ['viewer'] });
    expect(await queries.membershipOf(userId, other.id)).toBeNull();
  });

  it('makes nobody else a member', async () => {
    const { tenantId } = await stored.newMember();
    const stranger = (await stored.user()).snapshot();
    expect(await queries.membershipOf(stranger.id, tenantId)).toBeNull();
  });

  it('adds the role of a member added twice and keeps the membership', async () => {
    const member = await stored.newMember();
    await stored.member(member, 'analyst');
    await stored.member(member, 'analyst');
    expect((await queries.membershipOf(member.userId, member.tenantId))?.roles).toEqual(['analyst', 'viewer']);
  });

  it('adds a role in one tenant without adding it in another tenant of the member', async () => {
    const here = await stored.newMember();
    const there = { userId: here.userId, tenantId: (await stored.tenant()).id };
    await stored.member(there, 'viewer');
    await stored.member(here, 'owner');
    expect((await queries.membershipOf(there.userId, there.tenantId))?.roles).toEqual(['viewer']);
  });

  it('gives no role that there is not, and then no membership either', async () => {
    const { id: userId } = (await stored.user()).snapshot();
    const { id: tenantId } = await stored.tenant();
    await expect(stored.member({ userId, tenantId }, 'emperor')).rejects.toThrow('no role emperor');
    expect(await queries.membershipOf(userId, tenantId)).toBeNull();
  });

  it('tells whether storing a built-in role changed anything', async () => {
    const at = context.clock.now();
    const put = (definition: ReturnType<typeof role>): Promise<boolean> =>
      work.run(() => tenants.putBuiltInRole(definition, randomUUID(), at));
    expect(await put(role('auditor', 'audit:read'))).toBe(true);
    expect(await put(role('auditor', 'audit:read'))).toBe(false);
    expect(await put(role('auditor', 'audit:read', 'user:read'))).toBe(true);
  });

  it('grants what a built-in role now permits to those who have it already', async () => {
    const at = context.clock.now();
    await work.run(() => tenants.putBuiltInRole(role('guest', 'a:read'), randomUUID(), at));
    const { id: userId } = (await stored.user()).snapshot();
    const { id: tenantId } = await stored.tenant();
    await stored.member({ userId, tenantId }, 'guest');
    await work.run(() => tenants.putBuiltInRole(role('guest', 'b:read'), randomUUID(), at));
    expect((await queries.membershipOf(userId, tenantId))?.permissions).toEqual(['b:read']);
  });

  it('refuses to write outside a unit of work', async () => {
    await expect(tenants.add(aTenant())).rejects.toThrow('outside UnitOfWork');
  });
});
