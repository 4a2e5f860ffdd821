import { randomUUID } from 'node:crypto';
import { NotFound } from '../../src/kernel/domain-error';
import { roleId, tenantId as asTenantId, type TenantId } from '../../src/kernel/ids';
import { InvitationRoles } from '../../src/modules/tenancy/application/invitations/invitation-roles.port';
import { Invitations } from '../../src/modules/tenancy/application/invitations/invitations.port';
import { RoleQueries } from '../../src/modules/tenancy/application/roles/role-queries';
import { Resources } from '../../src/modules/tenancy/application/roles/resources.port';
import { Roles } from '../../src/modules/tenancy/application/roles/roles.port';
import type { OwnRole } from '../../src/modules/tenancy/domain/role';
import { RolesFacade } from '../../src/modules/tenancy/roles.facade';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { anInvitation } from '../support/an-invitation';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { Stored } from '../support/stored';

const MADE = new Date('2026-01-01T00:00:00.000Z');
const LATER = new Date('2026-01-02T00:00:00.000Z');

describe.each(DATABASES)('every store of roles (%s)', (database) => {
  let context: TestContext;
  let roles: Roles;
  let queries: RoleQueries;
  let resources: Resources;
  let work: UnitOfWork;
  let stored: Stored;

  beforeAll(async () => {
    context = await aContext({ database });
    const { app } = context;
    [roles, queries, resources] = [app.get(Roles), app.get(RoleQueries), app.get(Resources)];
    [work, stored] = [app.get(UnitOfWork), new Stored(context)];
  });
  afterAll(() => context.stop());

  const make = (tenantId: TenantId, overrides: Partial<OwnRole> = {}): OwnRole => ({
    id: roleId(randomUUID()),
    tenantId,
    name: 'curator',
    description: 'Looks after datasets',
    permissions: ['dataset:*'],
    createdAt: MADE,
    updatedAt: MADE,
    ...overrides,
  });
  const add = (role: OwnRole): Promise<boolean> => work.run(() => roles.add(role));
  const save = (role: OwnRole): Promise<boolean> => work.run(() => roles.save(role));
  const take = (tenantId: TenantId, { id }: Pick<OwnRole, 'id'>) => work.run(() => roles.take(tenantId, id));
  const added = async (overrides: Partial<OwnRole> = {}): Promise<OwnRole> => {
    const role = make(overrides.tenantId ?? (await stored.tenant()).id, overrides);
    expect(await add(role)).toBe(true);
    return role;
  };
  const viewer = async () =>
    (await queries.list((await stored.tenant()).id, { limit: 100, cursor: null })).items.find(
      ({ name }) => name === 'viewer',
    )!;

  it('gives a role back as it was stored, then as it was saved', async () => {
    const role = await added();
    expect(await take(role.tenantId, role)).toEqual(role);
    const next = { ...role, name: 'keeper', description: '', permissions: [], updatedAt: LATER };
    expect(await save(next)).toBe(true);
    expect(await take(role.tenantId, role)).toEqual(next);
    expect(await queries.find(role.tenantId, role.id)).toEqual(next);
  });

  it('knows, changes and removes no role of another tenant', async () => {
    const [role, other] = [await added(), await stored.tenant()];
    expect(await take(other.id, role)).toBeNull();
    expect(await queries.find(other.id, role.id)).toBeNull();
    expect(await save({ ...role, tenantId: other.id, permissions: ['*:*'] })).toBe(false);
    await work.run(() => roles.remove(other.id, role.id));
    expect(await take(role.tenantId, role)).toEqual(role);
    const listed = await queries.list(other.id, { limit: 100, cursor: null });
    expect(listed.items.filter(({ tenantId }) => tenantId !== null)).toEqual([]);
  });

  it('has the built-in roles in every tenant, and neither changes nor removes them', async () => {
    const [role, { id: tenant }] = [await viewer(), await stored.tenant()];
    expect(await take(tenant, role)).toEqual(role);
    expect(await queries.find(tenant, role.id)).toEqual(role);
    expect(await save(make(tenant, { id: role.id, permissions: ['*:*'] }))).toBe(false);
    await work.run(() => roles.remove(tenant, role.id));
    expect(await take(tenant, role)).toEqual(role);
  });

  it('stores nothing under a name that the tenant or every tenant has, and goes on; another tenant may have it', async () => {
    const role = await added();
    const [same, builtIn] = [make(role.tenantId), make(role.tenantId, { name: 'viewer' })];
    const other = await added({ tenantId: role.tenantId, name: 'keeper' });
    const answers = await work.run(async () => [
      await roles.add(same),
      await roles.add(builtIn),
      await roles.save({ ...other, name: 'curator' }),
      await roles.save({ ...other, name: 'owner' }),
      await roles.save({ ...other, permissions: ['a:b'] }),
    ]);
    expect(answers).toEqual([false, false, false, false, true]);
    expect(await take(role.tenantId, same)).toBeNull();
    expect(await take(role.tenantId, other)).toMatchObject({ name: 'keeper', permissions: ['a:b'] });
    await added({ name: 'curator' });
  });

  it('adds nothing to a tenant that is no more', async () => {
    await expect(add(make(asTenantId(randomUUID())))).rejects.toThrow(NotFound);
  });

  it('lists the built-in roles and the tenant’s own in pages, in one order', async () => {
    const { tenantId } = await added();
    const all = (await queries.list(tenantId, { limit: 100, cursor: null })).items.map(({ id }) => id);
    const paged: string[] = [];
    let cursor: Parameters<RoleQueries['list']>[1]['cursor'] = null;
    do {
      const page = await queries.list(tenantId, { limit: 2, cursor });
      paged.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(paged).toEqual(all);
    expect(paged).toHaveLength(6);
  });

  it('grants a role once and revokes it once, in that tenant alone', async () => {
    const member = await stored.newMember();
    const role = await added({ tenantId: member.tenantId });
    const there = { userId: member.userId, tenantId: (await stored.tenant()).id };
    await stored.member(there, 'analyst');
    const { tenantId, userId } = member;
    const holders = context.app.get(RolesFacade);
    const grant = () => holders.grant(tenantId, userId, role.name);
    expect([await grant(), await grant()]).toEqual([true, false]);
    const names = async (tenant: TenantId) => (await queries.heldBy(tenant, userId)).map(({ name }) => name);
    expect([await names(tenantId), await names(there.tenantId)]).toEqual([['curator', 'viewer'], ['analyst']]);
    await expect(holders.revoke(there.tenantId, userId, role.name)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    const revoke = () => holders.revoke(tenantId, userId, role.name);
    expect([await revoke(), await revoke()]).toEqual([true, false]);
    expect(await names(tenantId)).toEqual(['viewer']);
  });

  it.each([
    ['a member who is locked', "UPDATE memberships SET status = 'locked' WHERE tenant_id = $1 AND user_id = $2"],
    ['an account that is disabled', "UPDATE users SET status = 'disabled' WHERE id = $2 AND $1::uuid IS NOT NULL"],
    ['a tenant that is suspended', "UPDATE tenants SET status = 'suspended' WHERE id = $1 AND $2::uuid IS NOT NULL"],
  ])('tells of no role held by %s', async (_, statement) => {
    const member = await stored.newMember();
    expect(await queries.heldBy(member.tenantId, member.userId)).toMatchObject([{ name: 'viewer' }]);
    await context.source.query(statement, [member.tenantId, member.userId]);
    expect(await queries.heldBy(member.tenantId, member.userId)).toEqual([]);
  });

  it('counts who holds a role or may still accept an invitation to it, and nobody of another tenant', async () => {
    const member = await stored.newMember();
    const role = await added({ tenantId: member.tenantId });
    const other = await stored.tenant();
    const invite = (overrides = {}) =>
      work.run(() =>
        context.app
          .get(Invitations)
          .add(anInvitation({ tenantId: member.tenantId, roleId: role.id, invitedBy: member.userId }, overrides)),
      );
    const uses = (tenant: TenantId, at = LATER) => roles.usesOf(tenant, role.id, at);
    expect(await uses(role.tenantId)).toEqual({ members: 0, invitations: 0 });
    await invite();
    await invite({ revokedAt: LATER });
    await invite({ acceptedAt: LATER, acceptedBy: member.userId });
    await stored.member(member, 'curator');
    await context.source.query("UPDATE memberships SET status = 'locked' WHERE user_id = $1", [member.userId]);
    expect(await uses(role.tenantId)).toEqual({ members: 1, invitations: 1 });
    expect(await uses(role.tenantId, new Date('2027-01-01T00:00:00.000Z'))).toEqual({ members: 1, invitations: 0 });
    expect(await uses(other.id)).toEqual({ members: 0, invitations: 0 });
  });

  it('offers a tenant its own roles to invite to, and none of another tenant', async () => {
    const [role, other] = [await added(), await stored.tenant()];
    const invitable = context.app.get(InvitationRoles);
    const expected = { id: role.id, name: 'curator', permissions: ['dataset:*'] };
    expect(await invitable.named(role.tenantId, 'curator')).toEqual(expected);
    expect(await invitable.find(role.tenantId, role.id)).toEqual(expected);
    expect(await invitable.named(other.id, 'curator')).toBeNull();
    expect(await invitable.find(other.id, role.id)).toBeNull();
  });

  describe('and of registered resources', () => {
    const INVOICE = { name: 'invoice', description: 'Invoices', actions: ['read', 'approve'] };

    it('gives them back by name as they were stored, then as they were saved', async () => {
      const { id } = await stored.tenant();
      const first = { ...INVOICE, name: 'bill' };
      expect(await work.run((now) => resources.add(id, INVOICE, now))).toBe(true);
      expect(await work.run((now) => resources.add(id, first, now))).toBe(true);
      expect(await work.run((now) => resources.add(id, { ...INVOICE, actions: ['x'] }, now))).toBe(false);
      expect(await resources.list(id)).toEqual([first, INVOICE]);
      const next = { ...INVOICE, description: '', actions: ['cancel'] };
      expect(await work.run((now) => resources.save(id, next, now))).toBe(true);
      expect(await work.run(() => resources.remove(id, 'bill'))).toBe(true);
      expect(await work.run(() => resources.remove(id, 'bill'))).toBe(false);
      expect(await resources.list(id)).toEqual([next]);
    });

    it('knows, changes and removes none of another tenant', async () => {
      const [mine, theirs] = [await stored.tenant(), await stored.tenant()];
      await work.run((now) => resources.add(theirs.id, INVOICE, now));
      expect(await resources.list(mine.id)).toEqual([]);
      expect(await work.run((now) => resources.save(mine.id, { ...INVOICE, actions: ['x'] }, now))).toBe(false);
      expect(await work.run(() => resources.remove(mine.id, 'invoice'))).toBe(false);
      expect(await resources.list(theirs.id)).toEqual([INVOICE]);
      const nowhere = asTenantId(randomUUID());
      await expect(work.run((now) => resources.add(nowhere, INVOICE, now))).rejects.toThrow(NotFound);
    });
  });
});
