import { randomUUID } from 'node:crypto';
import { type UserId, userId } from '../../../src/kernel/ids';
import type { Principal } from '../../../src/kernel/principal';
import { AccountsFacade } from '../../../src/modules/identity/accounts.facade';
import { EmailTaken, UsernameTaken } from '../../../src/modules/identity/identity.facade';
import { SignIn } from '../../../src/modules/signin/application/sign-in';
import { ChangeMemberStatus } from '../../../src/modules/tenancy/application/members/change-member-status';
import { CreateMember } from '../../../src/modules/tenancy/application/members/create-member';
import { EditMember } from '../../../src/modules/tenancy/application/members/edit-member';
import { RemoveMember } from '../../../src/modules/tenancy/application/members/remove-member';
import { ResetSecondFactors } from '../../../src/modules/tenancy/application/members/reset-second-factors';
import { SignOutMember } from '../../../src/modules/tenancy/application/members/sign-out-member';
import { UnlockMember } from '../../../src/modules/tenancy/application/members/unlock-member';
import {
  AboveOwnRights,
  ActingOnOneself,
  FactorsOfTheirOwn,
  LastOwner,
  ProfileOfTheirOwn,
  StatusContradicted,
} from '../../../src/modules/tenancy/domain/member-errors';
import { MembersFacade } from '../../../src/modules/tenancy/members.facade';
import { SecondFactors } from '../../../src/modules/tenancy/second-factors.facade';
import { TenancyFacade } from '../../../src/modules/tenancy/tenancy.facade';
import { AuthenticateApiKey } from '../../../src/modules/tokens/application/api-keys/authenticate-api-key';
import { MintApiKey } from '../../../src/modules/tokens/application/api-keys/mint-api-key';
import { AuthenticateAccessToken } from '../../../src/modules/tokens/application/authenticate-access-token';
import { RotateRefreshToken } from '../../../src/modules/tokens/application/rotate-refresh-token';
import { SwitchTenant } from '../../../src/modules/tokens/application/sessions/switch-tenant';
import { aClient, aRefresh } from '../../support/a-device';
import { aSignIn, letIn } from '../../support/a-sign-in';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { interleaved } from '../../support/gates';
import { mailsOf } from '../../support/mails-of';
import { PlainHasher, plainHash } from '../../support/plain-hasher';
import { type Member, Stored } from '../../support/stored';

const ROUNDS = 20;
const EVERYTHING = ['*:*'];

describe('the administration of members', () => {
  let context: TestContext;
  let stored: Stored;
  const get: TestContext['app']['get'] = (type: never) => context.app.get(type);

  beforeAll(async () => {
    context = await aContext({ hasher: new PlainHasher() });
    stored = new Stored(context);
  });
  afterAll(() => context.stop());

  const principal = (member: Member, ...permissions: string[]): Principal => ({
    ...member,
    kind: 'user',
    sessionId: null,
    apiKeyId: null,
    authenticatedAt: context.clock.now(),
    roles: [],
    permissions,
    systemAdministrator: false,
    assurance: null,
    confined: false,
    networks: [],
  });
  const aMemberOf = async (tenant: Pick<Member, 'tenantId'>, role = 'viewer'): Promise<Member> => {
    const passwordHash = plainHash(PASSWORD);
    const member = { userId: (await stored.user({ passwordHash })).snapshot().id, tenantId: tenant.tenantId };
    await stored.member(member, role);
    return member;
  };
  /** Who may do everything, and is no owner. */
  const aMightyMemberOf = async ({ tenantId: tenant }: Pick<Member, 'tenantId'>): Promise<Principal> => {
    const [member, role] = [await aMemberOf({ tenantId: tenant }), randomUUID()];
    await context.source.query(
      `INSERT INTO roles (id, tenant_id, name, description, permissions, created_at, updated_at)
       VALUES ($1, $2, 'mighty', 'Everything', '{*:*}', now(), now())`,
      [role, tenant],
    );
    await context.source.query(
      'INSERT INTO membership_roles (tenant_id, user_id, role_id, granted_at) VALUES ($1, $2, $3, now())',
      [tenant, member.userId, role],
    );
    return principal(member, ...EVERYTHING);
  };
  /** A tenant with its only owner. */
  const anOwner = async (): Promise<Principal> =>
    principal(await aMemberOf({ tenantId: (await stored.tenant()).id }, 'owner'), ...EVERYTHING);
  const elsewhere = async ({ userId: id }: Member, role = 'viewer'): Promise<Member> => {
    const there = { userId: id, tenantId: (await stored.tenant()).id };
    await stored.member(there, role);
    return there;
  };
  const change = (by: Principal, member: Pick<Member, 'userId'>, what: 'lock' | 'disable' | 'enable'): Promise<void> =>
    get(ChangeMemberStatus).execute(by, member.userId, what);
  const unlock = (by: Principal, member: Pick<Member, 'userId'>): Promise<void> =>
    get(UnlockMember).execute(by, member.userId);
  const remove = (by: Principal, member: Pick<Member, 'userId'>): Promise<void> =>
    get(RemoveMember).execute(by, member.userId);
  const statusOf = async (member: Member): Promise<string | undefined> => {
    const sql = 'SELECT status FROM memberships WHERE tenant_id = $1 AND user_id = $2';
    const [row] = await context.source.query<{ status: string }[]>(sql, [member.tenantId, member.userId]);
    return row?.status;
  };
  type Event = { action: string; outcome: string; tenant_id: string; target_id: string | null; details: object };
  /** What is on record of somebody's account, oldest first. */
  const eventsOf = ({ userId: id }: Pick<Member, 'userId'>): Promise<Event[]> =>
    context.source.query<Event[]>(
      `SELECT action, outcome, tenant_id, target_id, details FROM audit_events
       WHERE user_id = $1 AND action <> 'auth.token_refreshed' ORDER BY sequence`,
      [id],
    );
  const signIn = (member: Member, tenant: string | null = member.tenantId) =>
    context.source
      .query<{ email: string }[]>('SELECT email FROM users WHERE id = $1', [member.userId])
      .then(([user]) => get(SignIn).execute(aSignIn({ login: user!.email, tenant })));
  const goesOn = async (refreshToken: string): Promise<boolean> =>
    get(RotateRefreshToken)
      .execute(aRefresh(refreshToken))
      .then(
        () => true,
        () => false,
      );
  const keyOf = async ({ userId: ownerId, tenantId: tenant }: Member): Promise<string> => {
    const input = { ownerId, tenantId: tenant, madeIn: null, name: 'a key', description: null, expiresAt: null };
    return (await get(MintApiKey).execute({ ...input, permissions: ['detector:read'] })).key;
  };
  const opens = async (key: string): Promise<boolean> => (await get(AuthenticateApiKey).execute(key, null)) !== null;

  describe.each(['lock', 'disable'] as const)('after %s', (how) => {
    const [done, undone, back] =
      how === 'lock'
        ? ['user.locked', 'user.unlocked', unlock]
        : ['user.disabled', 'user.enabled', (by: Principal, member: Member) => change(by, member, 'enable')];

    it('a member has no session in that tenant, at once and for good, and keeps those of other tenants', async () => {
      const by = await anOwner();
      const ann = await aMemberOf(by);
      const there = await elsewhere(ann);
      const [here, other] = [await stored.signedIn(ann), await stored.signedIn(there)];
      const tokens = get(AuthenticateAccessToken);
      const claims = await tokens.verify(here.accessToken);
      expect(await tokens.execute(claims)).not.toBeNull();
      await change(by, ann, how);
      expect(await tokens.execute(claims)).toBeNull();
      expect(await tokens.execute(await tokens.verify(other.accessToken))).not.toBeNull();
      await back(by, ann);
      context.clock.advance({ seconds: 2 });
      expect(await tokens.execute(claims)).toBeNull();
      expect([await goesOn(here.refreshToken), await goesOn(other.refreshToken)]).toEqual([false, true]);
      const about = { tenant_id: by.tenantId, target_id: ann.userId };
      const events = await eventsOf(ann);
      for (const [action, details] of [
        [done, { scope: 'tenant', by: by.userId }],
        [undone, { scope: 'tenant', by: by.userId }],
      ] as const) {
        expect(events.filter((event) => event.action === action)).toMatchObject([{ ...about, details }]);
      }
      expect(events.filter(({ action }) => action === 'session.revoked')).toMatchObject([
        { tenant_id: by.tenantId, details: { reason: 'ended_by_administrator', sessions: 1 } },
      ]);
    });

    it('a member’s keys of that tenant rest until it is taken back', async () => {
      const by = await anOwner();
      const ann = await aMemberOf(by);
      const [here, there] = [await keyOf(ann), await keyOf(await elsewhere(ann))];
      await change(by, ann, how);
      expect([await opens(here), await opens(there)]).toEqual([false, true]);
      await back(by, ann);
      expect([await opens(here), await opens(there)]).toEqual([true, true]);
    });

    it('a member signs in to other tenants alone, and switches to no other way in', async () => {
      const by = await anOwner();
      const ann = await aMemberOf(by);
      const there = await elsewhere(ann);
      await change(by, ann, how);
      await expect(signIn(ann)).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
      const { tokens } = letIn(await signIn(ann, null));
      expect(tokens.tenantId).toBe(there.tenantId);
      const caller = (await get(AuthenticateAccessToken).execute(
        await get(AuthenticateAccessToken).verify(tokens.accessToken),
      ))!;
      const wish = { by: caller, tenant: ann.tenantId, client: aClient() };
      await expect(get(SwitchTenant).execute(wish)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await back(by, ann);
      expect(letIn(await signIn(ann)).tokens.tenantId).toBe(ann.tenantId);
    });

    it('nothing happens when it is done again', async () => {
      const by = await anOwner();
      const ann = await aMemberOf(by);
      await change(by, ann, how);
      const before = await eventsOf(ann);
      await change(by, ann, how);
      expect(await eventsOf(ann)).toEqual(before);
    });
  });

  it('a disabled member is neither locked nor unlocked, and a locked one not enabled', async () => {
    const by = await anOwner();
    const [ann, bob] = [await aMemberOf(by), await aMemberOf(by)];
    await change(by, ann, 'disable');
    await expect(change(by, ann, 'lock')).rejects.toThrow(StatusContradicted);
    await expect(unlock(by, ann)).rejects.toThrow(StatusContradicted);
    expect((await eventsOf(ann)).at(-1)).toMatchObject({
      action: 'user.unlocked',
      outcome: 'failure',
      details: { reason: 'conflict', by: by.userId },
    });
    await change(by, bob, 'lock');
    await expect(change(by, bob, 'enable')).rejects.toThrow(StatusContradicted);
    expect([await statusOf(ann), await statusOf(bob)]).toEqual(['disabled', 'locked']);
  });

  it('signing a member out ends the sessions of that tenant, and leaves keys and the way back in', async () => {
    const by = await anOwner();
    const ann = await aMemberOf(by);
    const [here, there] = [await stored.signedIn(ann), await stored.signedIn(await elsewhere(ann))];
    const key = await keyOf(ann);
    await get(SignOutMember).execute(by, ann.userId);
    expect([await goesOn(here.refreshToken), await goesOn(there.refreshToken)]).toEqual([false, true]);
    expect(await opens(key)).toBe(true);
    expect(letIn(await signIn(ann)).tokens.tenantId).toBe(ann.tenantId);
    expect((await eventsOf(ann)).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['user.signed_out', 'session.revoked']),
    );
  });

  describe('resetting second factors', () => {
    /** What is taken away, of whom; and how many factors there are. */
    const removed: UserId[] = [];
    let factors: number | Error = 0;
    /** The security stamp since. */
    let renewed: string | null = null;

    beforeAll(() => {
      get(SecondFactors).register(async (user) => {
        removed.push(user);
        if (factors instanceof Error) throw factors;
        renewed = await get(AccountsFacade).renewStamp(user);
        return factors;
      });
    });
    beforeEach(() => {
      removed.length = 0;
      factors = 2;
    });
    afterAll(() => {
      factors = 0;
    });

    const reset = (by: Principal, { userId: id }: Pick<Member, 'userId'>): Promise<void> =>
      get(ResetSecondFactors).execute(by, id);
    const mailsTo = async (member: Member) => {
      const { email } = (await get(AccountsFacade).edit(member.userId, {})).user;
      return (await mailsOf(context, 'second-factors-removed')).filter(({ to }) => to === email);
    };
    const personalTenantOf = async ({ userId: id }: Member): Promise<Member> => {
      const own = { userId: id, tenantId: (await stored.tenant({ kind: 'personal' })).id };
      await stored.member(own, 'owner');
      return own;
    };

    it('ends all sessions, in whichever tenant, leaves keys, tells the user, and is on record with its count', async () => {
      const by = await anOwner();
      const ann = await aMemberOf(by);
      const own = await personalTenantOf(ann);
      const [here, there, key] = [await stored.signedIn(ann), await stored.signedIn(own), await keyOf(ann)];
      await reset(by, ann);
      expect(removed).toEqual([ann.userId]);
      expect([await goesOn(here.refreshToken), await goesOn(there.refreshToken)]).toEqual([false, false]);
      expect(await opens(key)).toBe(true);
      expect(await stored.stampOf(ann)).toBe(renewed);
      expect(await mailsTo(ann)).toMatchObject([{ facts: { address: null } }]);
      const about = { outcome: 'success', tenant_id: by.tenantId };
      const events = await eventsOf(ann);
      expect(events).toContainEqual({
        ...about,
        action: 'mfa.disabled',
        target_id: ann.userId,
        details: { reason: 'admin_reset', scope: 'account', by: by.userId, factors: 2 },
      });
      const ended = events.filter(({ action }) => action === 'session.revoked');
      expect(ended).toMatchObject([{ ...about, details: { reason: 'factors_changed', sessions: 2 } }]);
    });

    it('that there are none of ends the sessions just the same, is on record, and tells nobody anything', async () => {
      factors = 0;
      const by = await anOwner();
      const ann = await aMemberOf(by);
      const { refreshToken } = await stored.signedIn(ann);
      await reset(by, ann);
      expect(await goesOn(refreshToken)).toBe(false);
      expect(await mailsTo(ann)).toEqual([]);
      const details = { reason: 'admin_reset', scope: 'account', by: by.userId, factors: 0 };
      expect(await eventsOf(ann)).toContainEqual(expect.objectContaining({ action: 'mfa.disabled', details }));
    });

    it.each<[string, (member: Member) => Promise<unknown>]>([
      ['who belongs to another organization', (ann) => elsewhere(ann)],
      [
        'whose own tenant others belong to',
        async (ann) => {
          const own = await personalTenantOf(ann);
          await aMemberOf(own);
        },
      ],
      [
        'whose own tenant demands second factors',
        async (ann) => {
          const { tenantId: own } = await personalTenantOf(ann);
          await context.source.query('UPDATE tenants SET second_factor_required = true WHERE id = $1', [own]);
        },
      ],
      [
        'whose own tenant demands second factors of who has a role',
        async (ann) => {
          const { tenantId: own } = await personalTenantOf(ann);
          await context.source.query("UPDATE tenants SET second_factor_required_of = '{owner}' WHERE id = $1", [own]);
        },
      ],
    ])('of a member %s is refused to administrators of a tenant, and that stays on record', async (_, bind) => {
      const by = await anOwner();
      const ann = await aMemberOf(by);
      await bind(ann);
      const { refreshToken } = await stored.signedIn(ann);
      await expect(reset(by, ann)).rejects.toThrow(FactorsOfTheirOwn);
      expect([removed, await mailsTo(ann)]).toEqual([[], []]);
      expect(await goesOn(refreshToken)).toBe(true);
      expect((await eventsOf(ann)).filter(({ action }) => action === 'mfa.disabled')).toMatchObject([
        { outcome: 'failure', tenant_id: by.tenantId, details: { reason: 'conflict', by: by.userId } },
      ]);
    });

    it('of a member of several organizations, and of a user of other tenants alone, is for system administrators', async () => {
      const by = { ...(await anOwner()), systemAdministrator: true };
      const ann = await aMemberOf(by);
      const there = await stored.signedIn(await elsewhere(ann));
      await reset(by, ann);
      expect(await goesOn(there.refreshToken)).toBe(false);
      const stranger = await stored.newMember();
      const theirs = await stored.signedIn(stranger);
      await reset(by, stranger);
      expect(await goesOn(theirs.refreshToken)).toBe(false);
      expect(removed).toEqual([ann.userId, stranger.userId]);
      expect([(await mailsTo(ann)).length, (await mailsTo(stranger)).length]).toEqual([1, 1]);
      expect(await eventsOf(stranger)).toContainEqual(
        expect.objectContaining({ action: 'mfa.disabled', tenant_id: null, target_id: stranger.userId }),
      );
      await expect(reset(by, { userId: userId(randomUUID()) })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('of a user of other tenants alone is as of nobody', async () => {
      const by = await anOwner();
      const stranger = await stored.newMember();
      await expect(reset(by, stranger)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect([removed, await eventsOf(stranger)]).toEqual([[], []]);
    });

    it('leaves all as it was where the factors cannot be taken away', async () => {
      const by = await anOwner();
      const ann = await aMemberOf(by);
      const { refreshToken } = await stored.signedIn(ann);
      const stamp = await stored.stampOf(ann);
      factors = new Error('They stay');
      await expect(reset(by, ann)).rejects.toThrow('They stay');
      expect([await stored.stampOf(ann), await goesOn(refreshToken)]).toEqual([stamp, true]);
    });
  });

  describe('removing a member', () => {
    it('who belongs elsewhere too ends the membership alone, with its sessions, and its keys for good', async () => {
      const by = await anOwner();
      const ann = await aMemberOf(by);
      const there = await elsewhere(ann);
      const [here, other] = [await stored.signedIn(ann), await stored.signedIn(there)];
      const [key, otherKey] = [await keyOf(ann), await keyOf(there)];
      await remove(by, ann);
      expect([await statusOf(ann), await statusOf(there)]).toEqual([undefined, 'active']);
      expect([await goesOn(here.refreshToken), await goesOn(other.refreshToken)]).toEqual([false, true]);
      await stored.member(ann);
      expect([await opens(key), await opens(otherKey)]).toEqual([false, true]);
      const events = await eventsOf(ann);
      expect(events).toContainEqual(
        expect.objectContaining({ action: 'user.deleted', details: { scope: 'tenant', by: by.userId } }),
      );
      expect(events).toContainEqual(
        expect.objectContaining({ action: 'api_key.revoked', details: { reason: 'user_deleted', keys: 1 } }),
      );
    });

    it('who belongs nowhere else ends the account, and nothing of it is left', async () => {
      const by = await anOwner();
      const ann = await aMemberOf(by);
      const { refreshToken } = await stored.signedIn(ann);
      await remove(by, ann);
      expect(await goesOn(refreshToken)).toBe(false);
      const left = `SELECT id::text FROM users WHERE id = $1 UNION ALL SELECT id::text FROM sessions WHERE user_id = $1
        UNION ALL SELECT tenant_id::text FROM memberships WHERE user_id = $1`;
      expect(await context.source.query(left, [ann.userId])).toEqual([]);
      expect(await eventsOf(ann)).toContainEqual(
        expect.objectContaining({ action: 'user.deleted', details: { scope: 'account', by: by.userId } }),
      );
    });
  });

  describe('making a member', () => {
    const email = (): string => `${randomUUID()}@example.com`;
    const wish = { username: null, firstName: 'Ann', lastName: null, password: PASSWORD, role: 'viewer' };

    it('stores an account in this tenant alone, unproven, whose password is to be changed', async () => {
      const by = await anOwner();
      const address = email();
      const made = await get(CreateMember).execute(by, { ...wish, email: address });
      expect(made).toMatchObject({ email: address, firstName: 'Ann', emailVerified: false, status: 'active' });
      expect(made.roles).toEqual(['viewer']);
      const sql = `SELECT u.email_verified_at, u.password_change_required, u.password_hash, u.system_administrator,
                          array_agg(m.tenant_id) AS tenants
                   FROM users u JOIN memberships m ON m.user_id = u.id WHERE u.id = $1 GROUP BY u.id`;
      expect(await context.source.query(sql, [made.id])).toEqual([
        {
          email_verified_at: null,
          password_change_required: true,
          password_hash: plainHash(PASSWORD),
          system_administrator: false,
          tenants: [by.tenantId],
        },
      ]);
      expect(await eventsOf({ userId: made.id })).toMatchObject([
        { action: 'user.created', tenant_id: by.tenantId, details: { by: by.userId, system_administrator: false } },
        { action: 'role.granted', details: { role: 'viewer', by: by.userId } },
      ]);
    });

    it('grants nothing above what its maker may do at that moment, whatever they might a moment ago', async () => {
      const owner = await anOwner();
      const former = principal(await aMemberOf(owner, 'admin'), ...EVERYTHING);
      for (const role of ['owner', 'nobody']) {
        const address = email();
        await expect(get(CreateMember).execute(former, { ...wish, email: address, role })).rejects.toMatchObject({
          code: role === 'owner' ? 'INSUFFICIENT_PERMISSIONS' : 'VALIDATION_FAILED',
        });
        expect(await context.source.query('SELECT id FROM users WHERE email = $1', [address])).toEqual([]);
      }
      expect(await eventsOf(former)).toMatchObject([
        { action: 'access.denied', details: { reason: 'above_own_rights', role: 'owner', permissions: ['*:*'] } },
      ]);
      await expect(
        get(CreateMember).execute(former, { ...wish, email: email(), role: 'admin' }),
      ).resolves.toBeDefined();
    });

    it('takes no address and no username that is taken, and keeps that on record', async () => {
      const by = await anOwner();
      const [address, username] = [email(), `u${randomUUID().slice(0, 8)}`];
      await get(CreateMember).execute(by, { ...wish, email: address, username });
      const again = get(CreateMember).execute(by, { ...wish, email: address.toUpperCase() });
      await expect(again).rejects.toThrow(EmailTaken);
      await expect(get(CreateMember).execute(by, { ...wish, email: email(), username })).rejects.toThrow(UsernameTaken);
      const sql = `SELECT details FROM audit_events WHERE tenant_id = $1 AND outcome = 'failure' ORDER BY sequence`;
      expect(await context.source.query(sql, [by.tenantId])).toEqual([
        { details: { reason: 'email_taken', by: by.userId } },
        { details: { reason: 'username_taken', by: by.userId } },
      ]);
    });

    it('is refused to who is no member, whatever they may do elsewhere', async () => {
      const by = await anOwner();
      const operator = { ...principal(by, ...EVERYTHING), userId: (await stored.user()).snapshot().id };
      const made = get(CreateMember).execute(operator, { ...wish, email: email() });
      await expect(made).rejects.toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
    });

    it.each([
      ['required', ['made', 'EMAIL_TAKEN', 'RATE_LIMIT_EXCEEDED']],
      ['optional', ['made', 'EMAIL_TAKEN']],
    ])('is refused after too many mails to one address, where a proof of it is %s', async (proof, expected) => {
      const by = await anOwner();
      const { database } = context;
      const strict = await aContext({ database, hasher: new PlainHasher(), variables: { EMAIL_VERIFICATION: proof } });
      const wanted = { ...wish, email: email() };
      const outcomes: string[] = [];
      for (let attempt = 0; attempt < 10; attempt += 1) {
        const made = strict.app.get(CreateMember).execute(by, wanted);
        outcomes.push(
          await made.then(
            () => 'made',
            (error: unknown) => (error as { code: string }).code,
          ),
        );
      }
      await strict.stop();
      expect([...new Set(outcomes)]).toEqual(expected);
    });

    it('takes no password that consists of the name of the tenant', async () => {
      const owner = await aMemberOf({ tenantId: (await stored.tenant({ name: 'Umbrella Corporation' })).id }, 'owner');
      const password = 'umbrella corporation';
      const made = get(CreateMember).execute(principal(owner, ...EVERYTHING), { ...wish, email: email(), password });
      await expect(made).rejects.toMatchObject({ violations: [{ field: 'password', code: 'PASSWORD_BLOCKED' }] });
    });
  });

  describe('changing the names of a member', () => {
    it('is on record by the names of the fields, and a change of nothing is not', async () => {
      const by = await anOwner();
      const ann = await aMemberOf(by);
      const edit = () => get(EditMember).execute(by, ann.userId, { firstName: 'Ann', lastName: undefined });
      expect(await edit()).toMatchObject({ id: ann.userId, firstName: 'Ann', status: 'active', roles: ['viewer'] });
      await edit();
      expect(await eventsOf(ann)).toMatchObject([
        { action: 'user.updated', details: { fields: ['first_name'], by: by.userId } },
      ]);
    });

    it('is not for one tenant of several, even one that is joined at the same moment', async () => {
      const by = await anOwner();
      const [ann, bob] = [await aMemberOf(by), await aMemberOf(by)];
      await elsewhere(ann);
      const edit = (member: Member) => get(EditMember).execute(by, member.userId, { firstName: 'Other' });
      await expect(edit(ann)).rejects.toThrow(ProfileOfTheirOwn);
      if (context.database.kind === 'embedded') return;
      const { id } = await stored.tenant();
      const joining = await interleaved(
        context,
        () => context.app.get(TenancyFacade).join(id, bob.userId, 'viewer'),
        () => edit(bob),
      );
      expect(joining).toMatchObject({ status: 'rejected', reason: expect.any(ProfileOfTheirOwn) as Error });
    });

    it('keeps on record that a username was taken', async () => {
      const by = await anOwner();
      const [ann, username] = [await aMemberOf(by), `u${randomUUID().slice(0, 8)}`];
      await stored.user({ username });
      await expect(get(EditMember).execute(by, ann.userId, { username })).rejects.toThrow(UsernameTaken);
      expect(await eventsOf(ann)).toMatchObject([
        { action: 'user.updated', outcome: 'failure', details: { reason: 'username_taken' } },
      ]);
    });
  });

  describe('nobody acts above themselves:', () => {
    const ACTS: readonly [string, (by: Principal, id: string) => Promise<unknown>][] = [
      ['lock', (by, id) => get(ChangeMemberStatus).execute(by, id, 'lock')],
      ['disable', (by, id) => get(ChangeMemberStatus).execute(by, id, 'disable')],
      ['enable', (by, id) => get(ChangeMemberStatus).execute(by, id, 'enable')],
      ['sign-out', (by, id) => get(SignOutMember).execute(by, id)],
      ['reset-mfa', (by, id) => get(ResetSecondFactors).execute(by, id)],
      ['update', (by, id) => get(EditMember).execute(by, id, { firstName: 'Other' })],
      ['delete', (by, id) => get(RemoveMember).execute(by, id)],
    ];

    it.each(ACTS)(
      '%s is refused to who may less, and to who is no system administrator, on record',
      async (_name, act) => {
        const owner = await anOwner();
        const admin = principal(await aMemberOf(owner, 'admin'), 'user:*');
        const operator = {
          tenantId: owner.tenantId,
          userId: (await stored.user({ systemAdministrator: true })).snapshot().id,
        };
        await stored.member(operator);
        const before = await eventsOf(owner);
        await expect(act(admin, owner.userId)).rejects.toThrow(AboveOwnRights);
        await expect(act(owner, operator.userId)).rejects.toThrow(AboveOwnRights);
        expect([await statusOf(owner), await statusOf(operator)]).toEqual(['active', 'active']);
        expect((await eventsOf(admin)).at(-1)).toMatchObject({
          action: 'access.denied',
          outcome: 'failure',
          target_id: owner.userId,
          details: { reason: 'above_own_rights', permissions: ['*:*'] },
        });
        expect((await eventsOf(owner)).filter(({ action }) => action !== 'access.denied')).toEqual(before);
        await context.source.query('UPDATE users SET system_administrator = true WHERE id = $1', [owner.userId]);
        await expect(act({ ...owner, systemAdministrator: true }, operator.userId)).resolves.not.toThrow();
      },
    );

    it('a locked owner is let in again by owners alone; wrong passwords are cleared by every administrator', async () => {
      const owner = await anOwner();
      const admin = principal(await aMemberOf(owner, 'admin'), 'user:*');
      const other = await aMemberOf(owner, 'owner');
      await expect(unlock(admin, other)).resolves.toBeUndefined();
      await change(owner, other, 'lock');
      await expect(unlock(admin, other)).rejects.toThrow(AboveOwnRights);
      await unlock(owner, other);
      expect(await statusOf(other)).toBe('active');
    });

    it.each(ACTS)('%s of oneself', async (name, act) => {
      const by = await anOwner();
      const allowed = ['sign-out', 'update'].includes(name);
      const done = act(by, by.userId);
      await (allowed ? expect(done).resolves.not.toThrow() : expect(done).rejects.toThrow(ActingOnOneself));
      expect(await statusOf(by)).toBe('active');
    });

    it.each(ACTS)('%s finds nobody of another tenant, and no text that is no id', async (_name, act) => {
      const [by, other] = [await anOwner(), await anOwner()];
      for (const id of [other.userId, randomUUID(), 'nobody']) {
        await expect(act(by, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      }
      expect(await statusOf(other)).toBe('active');
    });
  });

  describe('a tenant never loses its last owner', () => {
    const WAYS: readonly [string, (by: Principal, member: Member) => Promise<void>][] = [
      ['lock', (by, member) => change(by, member, 'lock')],
      ['disable', (by, member) => change(by, member, 'disable')],
      ['delete', remove],
    ];
    const ownersOf = async (of: Member): Promise<number> => {
      const sql = `SELECT count(*)::int AS owners FROM member_grants WHERE tenant_id = $1 AND 'owner' = ANY (roles)`;
      const [row] = await context.source.query<{ owners: number }[]>(sql, [of.tenantId]);
      return row?.owners ?? 0;
    };

    it.each(WAYS)('by %s, whatever the actor may do', async (_name, way) => {
      const owner = await anOwner();
      const mighty = await aMightyMemberOf(owner);
      await expect(way(mighty, owner)).rejects.toThrow(LastOwner);
      expect((await eventsOf(owner)).at(-1)).toMatchObject({
        outcome: 'failure',
        tenant_id: owner.tenantId,
        details: { scope: 'tenant', by: mighty.userId, reason: 'last_owner' },
      });
      const second = await aMemberOf(owner, 'owner');
      await way(mighty, second);
      await expect(way(mighty, owner)).rejects.toThrow(LastOwner);
      expect(await ownersOf(owner)).toBe(1);
    });

    // The embedded database has one session: nobody waits for a row there.
    if (DATABASES.includes('postgres')) {
      it.each(WAYS)(
        'by %s of one owner, a moment after the other went and before that is committed',
        async (_name, way) => {
          const ann = await anOwner();
          const [bob, mighty] = [await aMemberOf(ann, 'owner'), await aMightyMemberOf(ann)];
          const second = await interleaved(
            context,
            () => way(ann, bob),
            () => way(mighty, ann),
          );
          expect(second).toMatchObject({ status: 'rejected', reason: expect.any(LastOwner) as Error });
          expect(await ownersOf(ann)).toBe(1);
        },
      );

      it('by two who disable each other, again and again', async () => {
        const ann = await anOwner();
        const bob = principal(await aMemberOf(ann, 'owner'), ...EVERYTHING);
        for (let round = 0; round < ROUNDS; round += 1) {
          const outcomes = await Promise.allSettled([change(ann, bob, 'disable'), change(bob, ann, 'disable')]);
          expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
          expect(await ownersOf(ann)).toBe(1);
          await context.source.query("UPDATE memberships SET status = 'active' WHERE tenant_id = $1", [ann.tenantId]);
        }
      });

      it('by one who locks the other, who deletes the own account at that moment', async () => {
        const ann = await anOwner();
        const bob = await aMemberOf(ann, 'owner');
        const erasing = () => get(MembersFacade).erase(ann.userId);
        const outcome = await interleaved(context, () => change(ann, bob, 'lock'), erasing);
        expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(LastOwner) as Error });
        expect(await ownersOf(ann)).toBe(1);
      });
    }
  });

  // The embedded database has one session: nobody waits for a row there.
  if (DATABASES.includes('postgres')) {
    describe('a member who is locked at the moment of a sign-in', () => {
      const open = async (member: Member): Promise<void> => {
        if (await get(TenancyFacade).membershipOf(member.userId, member.tenantId)) await stored.signedIn(member);
      };
      const openSessions = async ({ userId: id }: Member): Promise<number> => {
        const sql = 'SELECT count(*)::int AS open FROM sessions WHERE user_id = $1 AND revoked_at IS NULL';
        return (await context.source.query<{ open: number }[]>(sql, [id]))[0]!.open;
      };

      it('has no session, were they in a moment before', async () => {
        const by = await anOwner();
        const ann = await aMemberOf(by);
        await interleaved(
          context,
          () => open(ann),
          () => change(by, ann, 'lock'),
        );
        expect(await openSessions(ann)).toBe(0);
      });

      it('has no session, were they a moment late', async () => {
        const by = await anOwner();
        const ann = await aMemberOf(by);
        const late = await interleaved(
          context,
          () => change(by, ann, 'lock'),
          () => signIn(ann),
        );
        expect(late).toMatchObject({ status: 'rejected', reason: { code: 'INVALID_CREDENTIALS' } });
        expect(await openSessions(ann)).toBe(0);
      });
    });

    it('a member who was disabled while their own request waited does nothing any more, on record', async () => {
      const owner = await anOwner();
      const [admin, ann] = [principal(await aMemberOf(owner, 'admin'), 'user:*'), await aMemberOf(owner)];
      const late = await interleaved(
        context,
        () => change(owner, admin, 'disable'),
        () => change(admin, ann, 'lock'),
      );
      expect(late).toMatchObject({ status: 'rejected', reason: { code: 'INSUFFICIENT_PERMISSIONS' } });
      expect(await statusOf(ann)).toBe('active');
      expect((await eventsOf(admin)).at(-1)).toMatchObject({
        action: 'access.denied',
        target_id: ann.userId,
        details: { reason: 'no_longer_member' },
      });
    });

    it('of two tenants that remove the same user at once, the second ends the account', async () => {
      const [here, there] = [await anOwner(), await anOwner()];
      const ann = await aMemberOf(here);
      await stored.member({ userId: ann.userId, tenantId: there.tenantId });
      const second = await interleaved(
        context,
        () => remove(here, ann),
        () => remove(there, ann),
      );
      expect(second).toMatchObject({ status: 'fulfilled' });
      const scopes = (await eventsOf(ann)).filter(({ action }) => action === 'user.deleted');
      expect(scopes.map(({ details }) => (details as { scope: string }).scope)).toEqual(['tenant', 'account']);
    });
  }
});
