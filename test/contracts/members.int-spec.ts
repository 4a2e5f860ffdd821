import { randomUUID } from 'node:crypto';
import { userId, type RoleId, type TenantId, type UserId } from '../../src/kernel/ids';
import { type MemberFilter, MemberQueries } from '../../src/modules/tenancy/application/members/member-queries';
import { Members } from '../../src/modules/tenancy/application/members/members.port';
import { TenancyQueries } from '../../src/modules/tenancy/application/tenancy-queries';
import type { MemberStatus } from '../../src/modules/tenancy/domain/member-status';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { interleaved } from '../support/gates';
import { statementsOf } from '../support/statements';
import { type Member, Stored } from '../support/stored';

const ALL: MemberFilter = { search: null, status: null, role: null };
const VIEWER = ['dataset:read', 'detector:read', 'experiment:read'];

describe.each(DATABASES)('every store of members (%s)', (database) => {
  let context: TestContext;
  let members: Members;
  let queries: MemberQueries;
  let work: UnitOfWork;
  let stored: Stored;

  beforeAll(async () => {
    context = await aContext({ database });
    [members, queries] = [context.app.get(Members), context.app.get(MemberQueries)];
    [work, stored] = [context.app.get(UnitOfWork), new Stored(context)];
  });
  afterAll(() => context.stop());

  const take = ({ tenantId, userId: id }: Member) => work.run(() => members.take(tenantId, id));
  const setStatus = ({ tenantId, userId: id }: Member, status: MemberStatus): Promise<void> =>
    work.run(() => members.setStatus(tenantId, id, status));
  const ownersOf = async (tenantId: TenantId): Promise<UserId[]> => [...(await members.ownersOf(tenantId))].sort();
  const inTenantOf = async ({ tenantId }: Pick<Member, 'tenantId'>, role = 'viewer'): Promise<Member> => {
    const member = { userId: (await stored.user()).snapshot().id, tenantId };
    await stored.member(member, role);
    return member;
  };
  const elsewhere = async ({ userId: id }: Pick<Member, 'userId'>, role = 'viewer'): Promise<Member> => {
    const member = { userId: id, tenantId: (await stored.tenant()).id };
    await stored.member(member, role);
    return member;
  };

  it('takes a member with what the roles held in that tenant grant, and with none held in another', async () => {
    const member = await stored.newMember();
    await elsewhere(member, 'owner');
    expect(await take(member)).toEqual({ ...member, status: 'active', roles: ['viewer'], permissions: VIEWER });
  });

  it('takes no member of another tenant, and none there is not', async () => {
    const [mine, theirs] = [await stored.newMember(), await stored.newMember()];
    expect(await take({ ...theirs, tenantId: mine.tenantId })).toBeNull();
    expect(await take({ ...mine, userId: userId(randomUUID()) })).toBeNull();
  });

  it.each(['locked', 'disabled'] as const)(
    'tells what a %s member might do, and lets them do nothing',
    async (status) => {
      const member = await stored.newMember();
      const there = await elsewhere(member);
      await setStatus(member, status);
      expect(await take(member)).toMatchObject({ status, permissions: VIEWER });
      expect(await context.app.get(TenancyQueries).membershipOf(member.userId, member.tenantId)).toBeNull();
      expect((await context.app.get(TenancyQueries).membershipOf(member.userId, null))?.tenant.id).toBe(there.tenantId);
      expect(await take(there)).toMatchObject({ status: 'active' });
    },
  );

  it('makes a member with one role, in that tenant alone', async () => {
    const { id: user } = (await stored.user()).snapshot();
    const { id: tenant } = await stored.tenant();
    const role = (await members.findRole(tenant, 'analyst'))!;
    await work.run((now) => members.add(tenant, user, role.id, now));
    expect(await take({ userId: user, tenantId: tenant })).toMatchObject({ status: 'active', roles: ['analyst'] });
    expect(await members.belongsElsewhere(tenant, user)).toBe(false);
  });

  it('ends a membership with its roles, and none of the user elsewhere or of others here', async () => {
    const member = await stored.newMember();
    const [there, other] = [await elsewhere(member), await inTenantOf(member)];
    expect(await members.belongsElsewhere(member.tenantId, member.userId)).toBe(true);
    await work.run(() => members.remove(member.tenantId, member.userId));
    expect(await take(member)).toBeNull();
    expect(await take(there)).not.toBeNull();
    expect(await take(other)).not.toBeNull();
    await stored.member(member, 'analyst');
    expect(await take(member)).toMatchObject({ roles: ['analyst'] });
  });

  it('makes roles those of a member, and no others; none of the same user in another tenant', async () => {
    const member = await stored.newMember();
    const [there, other] = [await elsewhere(member), await inTenantOf(member)];
    const ids = await Promise.all(
      ['owner', 'analyst'].map(async (name) => (await members.findRole(member.tenantId, name))!.id),
    );
    await work.run((now) => members.setRoles(member.tenantId, member.userId, ids, now));
    expect(await take(member)).toMatchObject({ roles: ['analyst', 'owner'] });
    await work.run((now) => members.setRoles(member.tenantId, member.userId, [ids[1]!], now));
    expect(await take(member)).toMatchObject({ roles: ['analyst'] });
    expect([await take(there), await take(other)]).toMatchObject([{ roles: ['viewer'] }, { roles: ['viewer'] }]);
  });

  it('tells who is let in nowhere else: not who is a member in force of another tenant in force', async () => {
    const { id: tenantId } = await stored.tenant();
    const [alone, both, locked, suspended] = [
      await inTenantOf({ tenantId }),
      await inTenantOf({ tenantId }),
      await inTenantOf({ tenantId }),
      await inTenantOf({ tenantId }),
    ];
    await elsewhere(both);
    await setStatus(await elsewhere(locked), 'locked');
    const shut = { userId: suspended.userId, tenantId: (await stored.tenant({ status: 'suspended' })).id };
    await stored.member(shut);
    const nowhere = [alone, locked, suspended].map(({ userId: id }) => id);
    expect(await members.letInNowhereElse(tenantId)).toEqual([...nowhere].sort());
    for (const { userId: id } of [alone, both, locked, suspended]) {
      expect(await members.isLetInElsewhere(tenantId, id)).toBe(id === both.userId);
    }
  });

  it('tells some members of that tenant, and of no other', async () => {
    const first = await stored.newMember();
    const second = await inTenantOf(first);
    await stored.newMember();
    const all = [first.userId, second.userId].sort();
    expect(await members.someOf(first.tenantId, 10)).toEqual(all);
    expect(await members.someOf(first.tenantId, 1)).toEqual(all.slice(0, 1));
  });

  it('counts a membership in another tenant that is locked there', async () => {
    const member = await stored.newMember();
    const there = await elsewhere(member);
    await setStatus(there, 'locked');
    expect(await members.belongsElsewhere(member.tenantId, member.userId)).toBe(true);
    expect(await members.belongsElsewhere(there.tenantId, there.userId)).toBe(true);
  });

  it('tells the owners in force: not who is locked, disabled, or an owner elsewhere', async () => {
    const { id: tenantId } = await stored.tenant();
    const [ann, bob, locked, disabled, everywhere, admin] = [
      await inTenantOf({ tenantId }, 'owner'),
      await inTenantOf({ tenantId }, 'owner'),
      await inTenantOf({ tenantId }, 'owner'),
      await inTenantOf({ tenantId }, 'owner'),
      await inTenantOf({ tenantId }, 'owner'),
      await inTenantOf({ tenantId }, 'admin'),
    ];
    await elsewhere(admin, 'owner');
    await setStatus(locked, 'locked');
    await setStatus(disabled, 'disabled');
    await context.source.query("UPDATE users SET status = 'disabled' WHERE id = $1", [everywhere.userId]);
    expect(await ownersOf(tenantId)).toEqual([ann.userId, bob.userId].sort());
  });

  it('takes no role of a tenant’s own for that of owners, whatever it is called', async () => {
    const member = await stored.newMember();
    await ownRole(member.tenantId, 'owner', ['*:*'], member);
    expect(await ownersOf(member.tenantId)).toEqual([]);
  });

  it('tells which tenants a user belongs to, and whether others do', async () => {
    const { userId: id, tenantId: first } = await stored.newMember();
    const [alone, shared] = [await elsewhere({ userId: id }, 'owner'), await elsewhere({ userId: id }, 'viewer')];
    await inTenantOf(shared);
    await context.source.query("UPDATE memberships SET status = 'locked' WHERE tenant_id = $1", [alone.tenantId]);
    expect(await members.tenantsOf(id)).toEqual([first, alone.tenantId, shared.tenantId].sort());
    expect(await members.hasOthers(alone.tenantId, id)).toBe(false);
    expect(await members.hasOthers(shared.tenantId, id)).toBe(true);
  });

  async function ownRole(tenantId: TenantId, name: string, permissions: string[], holder?: Member): Promise<RoleId> {
    const id = randomUUID() as RoleId;
    await context.source.query("INSERT INTO roles VALUES ($1, $2, $3, 'their own', $4, now(), now())", [
      id,
      tenantId,
      name,
      permissions,
    ]);
    if (holder) {
      const grant = 'INSERT INTO membership_roles VALUES ($1, $2, $3, now())';
      await context.source.query(grant, [tenantId, holder.userId, id]);
    }
    return id;
  }

  it('finds built-in roles and the tenant’s own, and none of another tenant', async () => {
    const [mine, theirs] = [await stored.tenant(), await stored.tenant()];
    const id = await ownRole(mine.id, 'keeper', ['dataset:*']);
    await ownRole(theirs.id, 'stranger', ['dataset:*']);
    await ownRole(mine.id, 'viewer', ['*:*']);
    expect(await members.findRole(mine.id, 'keeper')).toEqual({ id, name: 'keeper', permissions: ['dataset:*'] });
    expect((await members.findRole(mine.id, 'viewer'))?.permissions).not.toContain('*:*');
    expect(await members.findRole(mine.id, 'stranger')).toBeNull();
  });

  it('holds a membership that was found: nobody locks it before that unit of work ends', async () => {
    const member = await stored.newMember();
    const seen: (string | undefined)[] = [];
    const find = async () => context.app.get(TenancyQueries).membershipOf(member.userId, member.tenantId);
    await interleaved(
      context,
      async () => seen.push((await find())?.roles[0]),
      async () => {
        await setStatus(member, 'locked');
        seen.push('locked');
      },
    );
    expect(seen).toEqual(['viewer', 'locked']);
    await setStatus(member, 'active');
    const lost = await interleaved(
      context,
      () => members.setStatus(member.tenantId, member.userId, 'disabled'),
      () => work.run(find),
    );
    expect(lost).toMatchObject({ status: 'fulfilled', value: null });
  });

  it('refuses to write outside a unit of work', async () => {
    const { tenantId, userId: id } = await stored.newMember();
    await expect(members.setStatus(tenantId, id, 'locked')).rejects.toThrow('outside UnitOfWork');
    await expect(members.take(tenantId, id)).rejects.toThrow('outside UnitOfWork');
  });

  describe('the list of members', () => {
    let tenantId: TenantId;
    let ids: Record<string, UserId>;

    beforeAll(async () => {
      const { id } = await stored.tenant();
      tenantId = id;
      const named = async (
        name: string,
        role: string,
        user: Parameters<Stored['user']>[0],
      ): Promise<[string, UserId]> => {
        const { id: made } = (await stored.user(user)).snapshot();
        await stored.member({ tenantId, userId: made }, role);
        return [name, made];
      };
      ids = Object.fromEntries([
        await named('ann', 'owner', { email: 'Ann@Example.com', username: 'ann_1', firstName: 'Ann' }),
        await named('bob', 'viewer', { email: 'bob@example.com', firstName: 'Bob', lastName: '100% Öhm' }),
        await named('cid', 'viewer', { email: 'cid@elsewhere.org', username: 'annx1', lastName: 'C\\D' }),
      ]);
      await setStatus({ tenantId, userId: ids.cid! }, 'locked');
      const stranger = await stored.newMember({ email: 'stranger@example.com', firstName: 'Ann' });
      await stored.member({ ...stranger, tenantId: (await stored.tenant()).id }, 'owner');
    });

    const found = async (filter: Partial<MemberFilter>): Promise<string[]> => {
      const { items } = await queries.list(tenantId, { ...ALL, ...filter }, { limit: 100, cursor: null });
      return items.map(({ id }) => Object.keys(ids).find((name) => ids[name] === id) ?? 'a stranger').sort();
    };

    it.each<[string, Partial<MemberFilter>, string[]]>([
      ['everybody', {}, ['ann', 'bob', 'cid']],
      ['an address, in any case', { search: 'aNN@ex' }, ['ann']],
      ['part of a domain', { search: 'ELSEWHERE' }, ['cid']],
      ['a username', { search: 'ann_1' }, ['ann']],
      ['a first name', { search: 'bob' }, ['bob']],
      ['a last name of other letters', { search: 'öhm' }, ['bob']],
      ['a per cent sign, which is no pattern', { search: '%' }, ['bob']],
      ['an underscore, which is no pattern', { search: '_' }, ['ann']],
      ['a backslash, which is no pattern', { search: '\\' }, ['cid']],
      ['the end of one field and the beginning of the next', { search: 'comann' }, []],
      ['those in force', { status: 'active' }, ['ann', 'bob']],
      ['the locked', { status: 'locked' }, ['cid']],
      ['the disabled', { status: 'disabled' }, []],
      ['a role', { role: 'viewer' }, ['bob', 'cid']],
      ['a role that nobody has', { role: 'emperor' }, []],
      ['all at once', { search: 'e', status: 'locked', role: 'viewer' }, ['cid']],
    ])('finds by %s', async (_what, filter, expected) => {
      expect(await found(filter)).toEqual(expected);
    });

    it('goes on where a page ended, each member once, in one order, and asks once for a page', async () => {
      const seen: UserId[] = [];
      const cursors: (UserId | null)[] = [null];
      for (const cursor of cursors) {
        const asked = await statementsOf(context.source, async () => {
          const page = await queries.list(tenantId, ALL, { limit: 1, cursor });
          seen.push(...page.items.map(({ id }) => id));
          if (page.nextCursor !== null) cursors.push(page.nextCursor);
        });
        expect(asked.filter((sql) => sql.includes('memberships'))).toHaveLength(1);
      }
      expect(seen).toEqual(Object.values(ids).sort());
    });

    it('shows nobody of another tenant, from whichever cursor on', async () => {
      const { id: other } = await stored.tenant();
      expect(await queries.list(other, ALL, { limit: 10, cursor: null })).toEqual({ items: [], nextCursor: null });
      const page = await queries.list(other, ALL, { limit: 10, cursor: ids.ann! });
      expect(page.items).toEqual([]);
    });

    it('shows what a member is in this tenant, and a disabled account as disabled', async () => {
      const member = await stored.newMember({ firstName: 'Eve' });
      const there = await elsewhere(member, 'owner');
      await setStatus(member, 'locked');
      expect(await queries.find(member.tenantId, member.userId)).toMatchObject({
        id: member.userId,
        firstName: 'Eve',
        status: 'locked',
        roles: ['viewer'],
      });
      expect(await queries.find(there.tenantId, member.userId)).toMatchObject({ status: 'active', roles: ['owner'] });
      await context.source.query("UPDATE users SET status = 'disabled' WHERE id = $1", [member.userId]);
      expect(await queries.find(there.tenantId, member.userId)).toMatchObject({ status: 'disabled' });
      const filter = { ...ALL, status: 'disabled' } as const;
      const { items } = await queries.list(there.tenantId, filter, { limit: 10, cursor: null });
      expect(items.map(({ id }) => id)).toEqual([member.userId]);
    });

    it('finds nobody of another tenant', async () => {
      const [mine, theirs] = [await stored.newMember(), await stored.newMember()];
      expect(await queries.find(mine.tenantId, theirs.userId)).toBeNull();
    });
  });
});
