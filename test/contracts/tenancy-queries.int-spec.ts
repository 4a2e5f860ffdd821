import { randomUUID } from 'node:crypto';
import { TenancyQueries } from '../../src/modules/tenancy/application/tenancy-queries';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { Stored } from '../support/stored';

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

describe.each(DATABASES)('every reader of tenants (%s)', (database) => {
  let context: TestContext;
  let queries: TenancyQueries;
  let stored: Stored;

  beforeAll(async () => {
    context = await aContext({ database });
    [queries, stored] = [context.app.get(TenancyQueries), new Stored(context)];
  });
  afterAll(() => context.stop());

  it('finds a tenant by id, in upper case too, and by slug', async () => {
    const { id, name, slug, status } = await stored.tenant();
    for (const reference of [id, id.toUpperCase(), slug]) {
      expect(await queries.find(reference)).toEqual({ id, name, slug, status });
    }
  });

  it.each(['no-such-tenant', randomUUID(), 'Not A Slug', "';--"])('finds no tenant called %s', async (reference) => {
    expect(await queries.find(reference)).toBeNull();
  });

  it('finds a membership by the id and by the slug of its tenant', async () => {
    const { id: userId } = (await stored.user()).snapshot();
    const { id: tenantId, name, slug, status } = await stored.tenant();
    await stored.member({ userId, tenantId }, 'viewer');
    for (const reference of [tenantId, tenantId.toUpperCase(), slug]) {
      expect(await queries.membershipOf(userId, reference)).toEqual({
        tenant: {
          id: tenantId,
          name,
          slug,
          status,
          secondFactorAboveRisk: null,
          ipAllowlist: [],
          sessionMaxDays: null,
        },
        secondFactorDemanded: false,
        roles: ['viewer'],
        permissions: ['dataset:read', 'detector:read', 'experiment:read'],
      });
    }
  });

  it('finds with a membership from which risk on its tenant asks for a second factor', async () => {
    const { userId, tenantId } = await stored.newMember();
    await context.source.query('UPDATE tenants SET second_factor_above_risk = 50 WHERE id = $1', [tenantId]);
    for (const reference of [tenantId, null]) {
      expect((await queries.membershipOf(userId, reference))?.tenant.secondFactorAboveRisk).toBe(50);
    }
  });

  it('tells whether the tenant asks the member for a second factor, as a member or by a role', async () => {
    const { userId, tenantId } = await stored.newMember();
    const demanded = async (columns: string): Promise<readonly (boolean | undefined)[]> => {
      await context.source.query(`UPDATE tenants SET ${columns} WHERE id = $1`, [tenantId]);
      const membership = await queries.membershipOf(userId, tenantId);
      return [membership?.secondFactorDemanded, (await queries.demandsOn(userId)).secondFactorDemanded];
    };
    expect(await demanded("second_factor_required_of = '{owner,admin}'")).toEqual([false, false]);
    expect(await demanded("second_factor_required_of = '{owner,viewer}'")).toEqual([true, true]);
    expect(await demanded("second_factor_required_of = '{}'")).toEqual([false, false]);
    expect(await demanded('second_factor_required = true')).toEqual([true, true]);
  });

  it('gives each permission once, whichever of the roles grant it', async () => {
    const member = await stored.newMember();
    await stored.member(member, 'analyst');
    const membership = await queries.membershipOf(member.userId, member.tenantId);
    expect(membership?.roles).toEqual(['analyst', 'viewer']);
    expect(membership?.permissions).toEqual([...new Set(membership?.permissions)]);
    expect(membership?.permissions).toContain('detection:predict');
  });

  it('finds no membership in a tenant of others', async () => {
    const [mine, theirs] = [await stored.newMember(), await stored.newMember()];
    expect(await queries.membershipOf(mine.userId, theirs.tenantId)).toBeNull();
  });

  it('gives none of the roles another user has in the tenant', async () => {
    const mine = await stored.newMember();
    const owner = { userId: (await stored.user()).snapshot().id, tenantId: mine.tenantId };
    await stored.member(owner, 'owner');
    expect((await queries.membershipOf(mine.userId, mine.tenantId))?.roles).toEqual(['viewer']);
  });

  it('takes the oldest membership when no tenant is named', async () => {
    const { id: userId } = (await stored.user()).snapshot();
    const [late, early] = [await stored.tenant(), await stored.tenant()];
    await stored.member({ userId, tenantId: late.id }, 'viewer', at(2));
    await stored.member({ userId, tenantId: early.id }, 'viewer', at(1));
    expect((await queries.membershipOf(userId, null))?.tenant.id).toBe(early.id);
  });

  it('passes a suspended tenant over when none is named, and shows it as suspended when it is', async () => {
    const { id: userId } = (await stored.user()).snapshot();
    const [suspended, active] = [await stored.tenant({ status: 'suspended' }), await stored.tenant()];
    await stored.member({ userId, tenantId: suspended.id }, 'viewer', at(1));
    await stored.member({ userId, tenantId: active.id }, 'viewer', at(2));
    expect((await queries.membershipOf(userId, null))?.tenant.id).toBe(active.id);
    expect((await queries.membershipOf(userId, suspended.slug))?.tenant.status).toBe('suspended');
  });

  it('finds no membership of who has none', async () => {
    const { id: userId } = (await stored.user()).snapshot();
    expect(await queries.membershipOf(userId, null)).toBeNull();
  });

  describe('asked what the tenants of a user demand', () => {
    const decide = (tenant: { id: string }, columns: string): Promise<unknown> =>
      context.source.query(`UPDATE tenants SET ${columns} WHERE id = $1`, [tenant.id]);

    it('knows of nothing where there is no tenant', async () => {
      const { id } = (await stored.user()).snapshot();
      expect(await queries.demandsOn(id)).toEqual({
        words: [],
        passwordHistory: 0,
        secondFactorDemanded: false,
        emailDomains: [],
        brand: null,
      });
    });

    it('names all of them, and takes the longest history', async () => {
      const { id: userId } = (await stored.user()).snapshot();
      const [one, other, own] = [
        await stored.tenant({ name: 'Big Bank' }),
        await stored.tenant({ name: 'Acme', status: 'suspended' }),
        await stored.tenant({ name: 'Ann', kind: 'personal' }),
      ];
      const theirs = await stored.tenant({ name: 'Others' });
      await decide(one, 'password_history = 3');
      await decide(other, 'password_history = 7');
      await decide(theirs, 'password_history = 24');
      for (const [second, { id: tenantId }] of [one, other, own].entries()) {
        await stored.member({ userId, tenantId }, 'viewer', at(second));
      }
      expect(await queries.demandsOn(userId)).toEqual({
        words: ['Big Bank', one.slug, 'Acme', other.slug, 'Ann', own.slug],
        passwordHistory: 7,
        secondFactorDemanded: false,
        emailDomains: [],
        brand: null,
      });
    });

    it('has the domains of each tenant of the user that names some, and of no other tenant', async () => {
      const { id: userId } = (await stored.user()).snapshot();
      const [one, other, any] = [
        await stored.tenant(),
        await stored.tenant({ status: 'suspended' }),
        await stored.tenant(),
      ];
      await decide(one, "allowed_email_domains = '{a.example,b.example}'");
      await decide(other, "allowed_email_domains = '{b.example}'");
      await decide(await stored.tenant(), "allowed_email_domains = '{theirs.example}'");
      for (const [second, { id: tenantId }] of [one, other, any].entries()) {
        await stored.member({ userId, tenantId }, 'viewer', at(second));
      }
      expect((await queries.demandsOn(userId)).emailDomains).toEqual([['a.example', 'b.example'], ['b.example']]);
    });

    it('takes name and sender of mails from the organization the user has been in for longest', async () => {
      const { id: userId } = (await stored.user()).snapshot();
      const [own, suspended, oldest, other] = [
        await stored.tenant({ kind: 'personal' }),
        await stored.tenant({ status: 'suspended' }),
        await stored.tenant(),
        await stored.tenant(),
      ];
      for (const [second, tenant] of [own, suspended, oldest, other].entries()) {
        await decide(tenant, `mail_name = 'Name ${second}', mail_sender = 'a@${second}.example'`);
      }
      // Joined in another order than they were made in.
      for (const [second, { id: tenantId }] of [own, suspended, oldest, other].reverse().entries()) {
        await stored.member({ userId, tenantId }, 'viewer', at(9 - second));
      }
      expect((await queries.demandsOn(userId)).brand).toEqual({ name: 'Name 2', sender: 'a@2.example' });
      await decide(oldest, 'mail_sender = NULL');
      expect((await queries.demandsOn(userId)).brand).toEqual({ name: 'Name 2', sender: null });
      await decide(oldest, 'mail_name = NULL');
      expect((await queries.demandsOn(userId)).brand).toBeNull();
    });
  });
});
