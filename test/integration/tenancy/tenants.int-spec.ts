import { randomUUID } from 'node:crypto';
import { tenantId, userId, type TenantId } from '../../../src/kernel/ids';
import type { Principal } from '../../../src/kernel/principal';
import { Challenges } from '../../../src/modules/signin/application/challenges/challenges.port';
import { SignIn } from '../../../src/modules/signin/application/sign-in';
import { EraseAccount } from '../../../src/modules/tenancy/application/members/erase-account';
import { RemoveMember } from '../../../src/modules/tenancy/application/members/remove-member';
import { SetMemberRoles } from '../../../src/modules/tenancy/application/members/set-member-roles';
import { TransferOwnership } from '../../../src/modules/tenancy/application/members/transfer-ownership';
import { LimitsAdministration } from '../../../src/modules/tenancy/application/limits/limits-administration';
import { TenantPolicyAdministration } from '../../../src/modules/tenancy/application/tenant-policy-administration';
import { EditTenant } from '../../../src/modules/tenancy/application/tenants/edit-tenant';
import { FoundTenant } from '../../../src/modules/tenancy/application/tenants/found-tenant';
import { PurgeTenants } from '../../../src/modules/tenancy/application/tenants/purge-tenants';
import { TenantAdministration } from '../../../src/modules/tenancy/application/tenants/tenant-administration';
import { Tenants } from '../../../src/modules/tenancy/application/tenants.port';
import { AboveOwnRights, LastOwner, StatusContradicted } from '../../../src/modules/tenancy/domain/member-errors';
import { NO_LIMITS } from '../../../src/modules/tenancy/domain/limits/tenant-limits';
import type { TenantState } from '../../../src/modules/tenancy/domain/tenant';
import {
  NeedsOwner,
  NeedsSystemAdministrator,
  NoLongerPermitted,
  PersonalTenantStays,
  SlugTaken,
  TenantContradicted,
} from '../../../src/modules/tenancy/domain/tenant-errors';
import { AuthenticateApiKey } from '../../../src/modules/tokens/application/api-keys/authenticate-api-key';
import { MintApiKey } from '../../../src/modules/tokens/application/api-keys/mint-api-key';
import { AuthenticateAccessToken } from '../../../src/modules/tokens/application/authenticate-access-token';
import { RotateRefreshToken } from '../../../src/modules/tokens/application/rotate-refresh-token';
import { Database } from '../../../src/platform/database/database';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { aChallenge } from '../../support/a-challenge';
import { aRefresh } from '../../support/a-device';
import { aSignIn, letIn } from '../../support/a-sign-in';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { gate, interleaved, untilWaiting } from '../../support/gates';
import { PlainHasher, plainHash } from '../../support/plain-hasher';
import { type Member, Stored } from '../../support/stored';

const ROUNDS = 20;
const GRACE_SECONDS = 3600;

describe('the life of tenants', () => {
  let context: TestContext;
  let stored: Stored;
  const get: TestContext['app']['get'] = (type: never) => context.app.get(type);

  beforeAll(async () => {
    const variables = { TENANT_DELETION_GRACE: String(GRACE_SECONDS) };
    context = await aContext({ hasher: new PlainHasher(), variables });
    stored = new Stored(context);
  });
  afterAll(() => context.stop());

  const principal = (member: Member, overrides: Partial<Principal> = {}): Principal => ({
    ...member,
    kind: 'user',
    sessionId: null,
    apiKeyId: null,
    networks: [],
    authenticatedAt: context.clock.now(),
    roles: [],
    permissions: ['*:*'],
    systemAdministrator: false,
    assurance: null,
    confined: false,
    ...overrides,
  });
  const aMemberOf = async (tenant: Pick<Member, 'tenantId'>, role = 'viewer', more = {}): Promise<Member> => {
    const user = (await stored.user({ passwordHash: plainHash(PASSWORD), ...more })).snapshot();
    const member = { userId: user.id, tenantId: tenant.tenantId };
    await stored.member(member, role);
    return member;
  };
  /** A tenant with its only owner. */
  const anOwner = async (tenant: Partial<TenantState> = {}): Promise<Principal> =>
    principal(await aMemberOf({ tenantId: (await stored.tenant(tenant)).id }, 'owner'));
  const aSystemAdministrator = async (): Promise<Principal> => {
    const member = await aMemberOf({ tenantId: (await stored.tenant()).id }, 'viewer', { systemAdministrator: true });
    return principal(member, { permissions: [], systemAdministrator: true });
  };
  const elsewhere = async ({ userId: id }: Pick<Member, 'userId'>, role = 'viewer'): Promise<Member> => {
    const there = { userId: id, tenantId: (await stored.tenant()).id };
    await stored.member(there, role);
    return there;
  };
  const rolesOf = async (member: Member): Promise<string[]> => {
    const sql = 'SELECT roles FROM member_grants WHERE tenant_id = $1 AND user_id = $2';
    const [row] = await context.source.query<{ roles: string[] }[]>(sql, [member.tenantId, member.userId]);
    return row?.roles ?? [];
  };
  const ownersOf = async ({ tenantId: id }: Pick<Member, 'tenantId'>): Promise<number> => {
    const [row] = await context.source.query<{ owners: number }[]>(
      `SELECT count(*)::int AS owners FROM member_grants WHERE tenant_id = $1 AND 'owner' = ANY (roles)`,
      [id],
    );
    return row!.owners;
  };
  const statusOf = async (id: TenantId): Promise<string | undefined> =>
    (await context.source.query<{ status: string }[]>('SELECT status FROM tenants WHERE id = $1', [id]))[0]?.status;
  type Event = { action: string; outcome: string; user_id: string | null; details: object };
  const eventsIn = (id: TenantId): Promise<Event[]> =>
    context.source.query<Event[]>(
      'SELECT action, outcome, user_id, details FROM audit_events WHERE tenant_id = $1 ORDER BY sequence',
      [id],
    );
  const signIn = async (member: Member, tenant: string | null = member.tenantId) => {
    const [user] = await context.source.query<{ email: string }[]>('SELECT email FROM users WHERE id = $1', [
      member.userId,
    ]);
    return letIn(await get(SignIn).execute(aSignIn({ login: user!.email, tenant }))).tokens;
  };
  const isLive = async (accessToken: string): Promise<boolean> => {
    const tokens = get(AuthenticateAccessToken);
    const claims = await tokens.claimsOf(accessToken);
    return claims !== null && (await tokens.execute(claims)) !== null;
  };
  const goesOn = (refreshToken: string): Promise<boolean> =>
    get(RotateRefreshToken)
      .execute(aRefresh(refreshToken))
      .then(
        () => true,
        () => false,
      );
  const keyOf = async ({ userId: ownerId, tenantId: tenant }: Member): Promise<string> => {
    const input = {
      ownerId,
      tenantId: tenant,
      madeIn: null,
      name: 'a key',
      description: null,
      expiresAt: null,
      allowedIps: [],
    };
    return (await get(MintApiKey).execute({ ...input, permissions: ['detector:read'] })).key;
  };
  const opens = async (key: string): Promise<boolean> => (await get(AuthenticateApiKey).execute(key, null)) !== null;
  const counted = async (sql: string, ...values: unknown[]): Promise<number> =>
    (await context.source.query<{ n: number }[]>(`SELECT count(*)::int AS n FROM ${sql}`, values))[0]!.n;
  const aMailedSecretFor = (id: string, purpose: string): Promise<unknown> =>
    context.source.query(
      `INSERT INTO mailed_secrets (id, purpose, user_id, address_key, token_hash, wrong_codes, created_at, expires_at)
       VALUES (gen_random_uuid(), $2, $1, sha256(convert_to(gen_random_uuid()::text, 'UTF8')),
               sha256(convert_to(gen_random_uuid()::text, 'UTF8')), 0, $3, $4)`,
      [id, purpose, context.clock.now(), new Date(context.clock.now().getTime() + 3_600_000)],
    );
  const resetsOf = ({ userId: id }: Member): Promise<number> =>
    counted(`mailed_secrets WHERE user_id = $1 AND purpose = 'password_reset'`, id);
  const administration = (): TenantAdministration => get(TenantAdministration);

  describe.each(['suspended', 'deleted'] as const)('a tenant that is %s', (status) => {
    const close = async (owner: Principal): Promise<Principal> => {
      const by = await aSystemAdministrator();
      if (status === 'suspended') await administration().suspend(by, owner.tenantId, 'unpaid');
      else await administration().delete(owner, owner.tenantId);
      return by;
    };

    it('has no session left, at once and for good, and its members keep those of other tenants', async () => {
      const owner = await anOwner();
      const ann = await aMemberOf(owner);
      const there = await elsewhere(ann);
      const [here, other] = [await signIn(ann), await signIn(there)];
      expect([await isLive(here.accessToken), await isLive(other.accessToken)]).toEqual([true, true]);
      const by = await close(owner);
      expect([await isLive(here.accessToken), await isLive(other.accessToken)]).toEqual([false, true]);
      expect(await goesOn(here.refreshToken)).toBe(false);
      await administration().reactivate(by, owner.tenantId);
      context.clock.advance({ seconds: 2 });
      expect([await isLive(here.accessToken), await goesOn(here.refreshToken)]).toEqual([false, false]);
      expect(await isLive((await signIn(ann)).accessToken)).toBe(true);
    });

    it('is entered by nobody, as if the password were wrong; members get into their other tenants', async () => {
      const owner = await anOwner();
      const ann = await aMemberOf(owner);
      await close(owner);
      await expect(signIn(ann)).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
      await expect(signIn(ann, null)).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
      const there = await elsewhere(ann);
      expect((await signIn(ann, null)).tenantId).toBe(there.tenantId);
    });

    it('has no key that opens anything', async () => {
      const owner = await anOwner();
      const [key, other] = [await keyOf(owner), await keyOf(await elsewhere(owner, 'viewer'))];
      const by = await close(owner);
      expect([await opens(key), await opens(other)]).toEqual([false, true]);
      await administration().reactivate(by, owner.tenantId);
      // What rested comes back; what was revoked does not.
      expect(await opens(key)).toBe(status === 'suspended');
    });

    it('has no sign-in waiting for its second factor', async () => {
      const owner = await anOwner();
      const there = await elsewhere(owner);
      const [here, other] = [aChallenge(owner), aChallenge(there)];
      const challenges = get(Challenges);
      await get(UnitOfWork).run(async () => {
        await challenges.add(here);
        await challenges.add(other);
      });
      await close(owner);
      const left = (id: string): Promise<number> => counted('challenges WHERE id = $1', id);
      expect([await left(here.snapshot().id), await left(other.snapshot().id)]).toEqual([0, 1]);
    });

    it('leaves no way in by an older mail to whom no other tenant lets in, and to others theirs', async () => {
      const owner = await anOwner();
      const [ann, bob] = [await aMemberOf(owner), await aMemberOf(owner)];
      await elsewhere(bob);
      for (const { userId: id } of [ann, bob]) await aMailedSecretFor(id, 'password_reset');
      await close(owner);
      expect([await resetsOf(ann), await resetsOf(bob)]).toEqual([0, 1]);
    });

    it('waits for who uses an older mail, and holds no session that they need', async () => {
      const owner = await anOwner();
      const ann = await aMemberOf(owner);
      const session = (await stored.session(ann)).snapshot().id;
      await aMailedSecretFor(ann.userId, 'password_reset');
      const [held, mayGoOn] = [gate(), gate()];
      const free: unknown[] = [];
      const using = get(UnitOfWork).run(async () => {
        const { writer } = get(Database);
        await writer.query('SELECT FROM mailed_secrets WHERE user_id = $1 FOR UPDATE', [ann.userId]);
        held.open();
        await mayGoOn.opened;
        free.push(
          ...(await writer.query<unknown[]>('SELECT 1 FROM sessions WHERE id = $1 FOR UPDATE SKIP LOCKED', [session])),
        );
      });
      await held.opened;
      const closing = close(owner);
      await untilWaiting(context, 1);
      mayGoOn.open();
      await Promise.all([using, closing]);
      expect(free).toHaveLength(1);
    });

    it('is so once, however often it is said, and that is on record once', async () => {
      const owner = await anOwner();
      await close(owner);
      const by = await aSystemAdministrator();
      if (status === 'suspended') await administration().suspend(by, owner.tenantId, 'again');
      else await administration().delete(by, owner.tenantId);
      const type = status === 'suspended' ? 'tenant.suspended' : 'tenant.deleted';
      const events = (await eventsIn(owner.tenantId)).filter(({ action }) => action === type);
      expect(events).toEqual([expect.objectContaining({ outcome: 'success' })]);
      expect(events[0]!.details).toEqual(
        status === 'suspended' ? { reason: 'unpaid' } : { purge_after: expect.any(String) as string },
      );
    });

    it('lets no key be used that was being made while it closed', async () => {
      const owner = await anOwner();
      const by = await aSystemAdministrator();
      const late: string[] = [];
      await interleaved(
        context,
        async () => late.push(await keyOf(owner)),
        async () => {
          if (status === 'suspended') await administration().suspend(by, owner.tenantId, null);
          else await administration().delete(by, owner.tenantId);
        },
      );
      expect(await opens(late[0]!)).toBe(false);
      await administration().reactivate(by, owner.tenantId);
      expect(await opens(late[0]!)).toBe(status === 'suspended');
    });

    it('does not let in who got past the door while it closed', async () => {
      const owner = await anOwner();
      const ann = await aMemberOf(owner);
      const by = await aSystemAdministrator();
      const late: string[] = [];
      // The closing does not wait for who is signing in, and does not see the session.
      await interleaved(
        context,
        async () => late.push((await stored.session(ann)).snapshot().id),
        async () => {
          if (status === 'suspended') await administration().suspend(by, owner.tenantId, null);
          else await administration().delete(by, owner.tenantId);
        },
      );
      expect(await counted('sessions WHERE id = ANY ($1) AND revoked_at IS NULL', late)).toBe(1);
      await administration().reactivate(by, owner.tenantId);
      expect(await counted('sessions WHERE id = ANY ($1) AND revoked_at IS NULL', late)).toBe(0);
    });
  });

  describe('suspending and bringing back', () => {
    it('are for system administrators alone, and the attempt of an owner stays on record', async () => {
      const owner = await anOwner();
      for (const attempt of [
        () => administration().suspend(owner, owner.tenantId, null),
        () => administration().suspend({ ...owner, systemAdministrator: true }, owner.tenantId, null),
        () => administration().reactivate(owner, owner.tenantId),
      ]) {
        await expect(attempt()).rejects.toThrow(NeedsSystemAdministrator);
      }
      expect(await statusOf(owner.tenantId)).toBe('active');
      const refused = { action: 'access.denied', outcome: 'failure', user_id: owner.userId };
      expect(await eventsIn(owner.tenantId)).toEqual(
        Array(3).fill({ ...refused, details: { reason: 'needs_system_administrator' } }),
      );
    });

    it.each<[string, (by: Principal) => Promise<unknown>]>([
      ['limits', (by) => get(LimitsAdministration).replace(by, by.tenantId, { ...NO_LIMITS, maxUsers: 9 })],
      [
        'the address that mails come from',
        (by) => get(TenantPolicyAdministration).change(by, by.tenantId, { mailSender: 'ann@acme.example' }, null),
      ],
      [
        'who joins on their own',
        (by) => get(TenantPolicyAdministration).change(by, by.tenantId, { autoJoinProviders: ['google'] }, null),
      ],
    ])('are so now, not when they called: %s', async (_, decide) => {
      const owner = await anOwner();
      const were = { ...owner, systemAdministrator: true };
      await expect(decide(were)).rejects.toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
      expect(await eventsIn(owner.tenantId)).toMatchObject([
        { action: 'access.denied', outcome: 'failure', details: { reason: 'needs_system_administrator' } },
      ]);
      await decide({ ...(await aSystemAdministrator()), tenantId: owner.tenantId });
      expect((await eventsIn(owner.tenantId)).at(-1)).toMatchObject({ outcome: 'success' });
    });

    it('of another tenant find none, as of one there is not', async () => {
      const [owner, other] = [await anOwner(), await anOwner()];
      const by = await aSystemAdministrator();
      for (const id of [other.tenantId, randomUUID(), 'acme', '']) {
        await expect(administration().suspend(owner, id, null)).rejects.toMatchObject({ code: 'NOT_FOUND' });
        await expect(administration().delete(owner, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      }
      await expect(administration().suspend(by, randomUUID(), null)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('do not suspend what was deleted, nor bring back what is about to be purged; both stay on record', async () => {
      const owner = await anOwner();
      const by = await aSystemAdministrator();
      await administration().delete(owner, owner.tenantId);
      await expect(administration().suspend(by, owner.tenantId, null)).rejects.toThrow(TenantContradicted);
      context.clock.advance({ seconds: GRACE_SECONDS });
      await expect(administration().reactivate(by, owner.tenantId)).rejects.toThrow(TenantContradicted);
      expect((await eventsIn(owner.tenantId)).filter(({ outcome }) => outcome === 'failure')).toMatchObject([
        { action: 'tenant.suspended', details: { reason: 'tenant_deleted' } },
        { action: 'tenant.reactivated', details: { reason: 'tenant_deleted' } },
      ]);
    });
  });

  describe('deleting', () => {
    const anInvitationTo = async ({ tenantId: tenant, userId: by }: Member): Promise<void> => {
      await context.source.query(
        `INSERT INTO invitations (id, tenant_id, role_id, email, email_key, invited_by, token_hash, code_hash, code_failures,
                                  created_at, sent_at, expires_at, code_expires_at)
         SELECT gen_random_uuid(), $1, id, 'x@example.com', sha256('x'), $2, sha256(convert_to(gen_random_uuid()::text, 'UTF8')),
                sha256('y'), 0, $3, $3, $3::timestamptz + interval '1 day', $3 FROM roles WHERE name = 'viewer' AND tenant_id IS NULL`,
        [tenant, by, context.clock.now()],
      );
    };
    const invitationsTo = ({ tenantId: tenant }: Member): Promise<number> =>
      counted('invitations WHERE tenant_id = $1', tenant);

    it('ends the invitations, and refused it ends none', async () => {
      const owner = await anOwner();
      const admin = principal(await aMemberOf(owner, 'admin'));
      await anInvitationTo(owner);
      await expect(administration().delete(admin, owner.tenantId)).rejects.toThrow(NoLongerPermitted);
      expect([await statusOf(owner.tenantId), await invitationsTo(owner)]).toEqual(['active', 1]);
      await administration().delete(owner, owner.tenantId);
      expect([await statusOf(owner.tenantId), await invitationsTo(owner)]).toEqual(['deleted', 0]);
    });

    it('is refused of a personal tenant, which ends with the account', async () => {
      const owner = await anOwner({ kind: 'personal' });
      await expect(administration().delete(owner, owner.tenantId)).rejects.toThrow(PersonalTenantStays);
      expect(await statusOf(owner.tenantId)).toBe('active');
    });

    it('gives whoever does so a personal tenant, where no other lets them in', async () => {
      const [owner, other] = [await anOwner(), await anOwner()];
      const there = await elsewhere(other);
      await administration().delete(owner, owner.tenantId);
      await administration().delete(other, other.tenantId);
      const home = await signIn(owner, null);
      expect(home.tenantId).not.toBe(owner.tenantId);
      expect(await rolesOf({ ...owner, tenantId: tenantId(home.tenantId) })).toEqual(['owner']);
      expect((await signIn(other, null)).tenantId).toBe(there.tenantId);
    });

    it('keeps no owner of a deleted tenant from deleting the account, whoever else belongs to it', async () => {
      const owner = await anOwner();
      await aMemberOf(owner);
      await expect(get(EraseAccount).execute(owner.userId, owner.userId)).rejects.toThrow(LastOwner);
      await administration().delete(owner, owner.tenantId);
      await get(EraseAccount).execute(owner.userId, owner.userId);
      expect(await counted('users WHERE id = $1', owner.userId)).toBe(0);
    });
  });

  describe('purging', () => {
    it('begins when the grace is over, and leaves what was had back in time', async () => {
      const [owner, back] = [await anOwner(), await anOwner()];
      const by = await aSystemAdministrator();
      for (const one of [owner, back]) await administration().delete(one, one.tenantId);
      context.clock.advance({ seconds: GRACE_SECONDS - 1 });
      await get(PurgeTenants).execute();
      expect([await statusOf(owner.tenantId), await statusOf(back.tenantId)]).toEqual(['deleted', 'deleted']);
      await administration().reactivate(by, back.tenantId);
      context.clock.advance({ seconds: 1 });
      await get(PurgeTenants).execute();
      expect([await statusOf(owner.tenantId), await statusOf(back.tenantId)]).toEqual([undefined, 'active']);
    });

    it('removes everything that refers to the tenant, and the audit log alone stays', async () => {
      const owner = await anOwner();
      const { tenantId: id } = owner;
      const ann = await aMemberOf(owner);
      await signIn(ann);
      await keyOf(ann);
      await context.source.query(
        `INSERT INTO roles (id, tenant_id, name, description, permissions, created_at, updated_at)
         VALUES (gen_random_uuid(), $1, 'our-own', '', '{}', now(), now())`,
        [id],
      );
      await context.source.query(
        `INSERT INTO membership_roles SELECT $1, $2, id, now() FROM roles WHERE tenant_id = $1`,
        [id, ann.userId],
      );
      await context.source.query(`INSERT INTO registered_resources VALUES ($1, 'thing', '', '{read}', now(), now())`, [
        id,
      ]);
      await context.source.query('INSERT INTO tenant_limits (tenant_id, updated_at) VALUES ($1, now())', [id]);
      await context.source.query(`INSERT INTO tenant_usage VALUES ($1, '2026-01-01', 'requests', 1)`, [id]);
      await context.source.query(`INSERT INTO tenant_active_users VALUES ($1, '2026-01-01', $2)`, [id, ann.userId]);
      await administration().delete(owner, id);
      context.clock.advance({ seconds: GRACE_SECONDS });
      await get(PurgeTenants).execute();
      const tables = await context.source.query<{ table_name: string }[]>(
        `SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_name)
         WHERE c.column_name = 'tenant_id' AND t.table_type = 'BASE TABLE' AND t.table_schema = 'public'
           AND table_name NOT IN (SELECT relname FROM pg_class WHERE relispartition)`,
      );
      const left: string[] = [];
      for (const { table_name: table } of tables) {
        if ((await counted(`${table} WHERE tenant_id = $1`, id)) > 0) left.push(table);
      }
      expect(left).toEqual(['audit_events']);
      expect((await eventsIn(id)).at(-1)).toMatchObject({ action: 'tenant.purged', outcome: 'success' });
    });

    it('leaves every account, and a way in to each, however many there are', async () => {
      const owner = await anOwner();
      const members: Member[] = [];
      for (let nth = 0; nth < 60; nth += 1) members.push(await aMemberOf(owner));
      const [ann, bob] = [members[0]!, members[1]!];
      const there = await elsewhere(bob);
      await administration().delete(owner, owner.tenantId);
      context.clock.advance({ seconds: GRACE_SECONDS });
      expect(await get(PurgeTenants).execute()).toBe(1);
      expect((await signIn(bob, null)).tenantId).toBe(there.tenantId);
      const home = tenantId((await signIn(ann, null)).tenantId);
      expect(await rolesOf({ ...ann, tenantId: home })).toEqual(['owner']);
      const ids = members.map(({ userId: id }) => id);
      expect(await counted('users u JOIN memberships m ON m.user_id = u.id WHERE u.id = ANY ($1)', ids)).toBe(60);
    });

    it('gives no home to an account that is deleted meanwhile', async () => {
      const owner = await anOwner();
      const ann = await aMemberOf(owner);
      await administration().delete(owner, owner.tenantId);
      context.clock.advance({ seconds: GRACE_SECONDS });
      const outcome = await interleaved(
        context,
        () => get(PurgeTenants).execute(),
        () => get(EraseAccount).execute(ann.userId, ann.userId),
      );
      expect(outcome).toMatchObject({ status: 'fulfilled' });
      expect(await counted('users WHERE id = $1', ann.userId)).toBe(0);
      expect(await counted('tenants t WHERE NOT EXISTS (SELECT FROM memberships m WHERE m.tenant_id = t.id)')).toBe(0);
    });

    it('passes over a tenant that another process is at', async () => {
      const owner = await anOwner();
      await administration().delete(owner, owner.tenantId);
      context.clock.advance({ seconds: GRACE_SECONDS });
      const outcome = await interleaved(
        context,
        (now) => get(Tenants).takeDue(owner.tenantId, now),
        () => get(PurgeTenants).execute(),
      );
      expect(outcome).toEqual({ status: 'fulfilled', value: 0 });
      expect(await get(PurgeTenants).execute()).toBe(1);
    });
  });

  describe('opening and renaming', () => {
    it('makes the user the owner of an organization with the slug that was wished for', async () => {
      const by = principal(await stored.newMember());
      const slug = `acme-${randomUUID().slice(0, 8)}`;
      const opened = await get(FoundTenant).execute(by, 'Acme', slug);
      expect(opened).toMatchObject({ name: 'Acme', slug, kind: 'organization', status: 'active' });
      expect(await rolesOf({ ...by, tenantId: opened.id })).toEqual(['owner']);
      expect(await eventsIn(opened.id)).toMatchObject([{ action: 'tenant.created', user_id: by.userId }]);
    });

    it('refuses a slug that is taken or none, and makes a free one of a name that would be', async () => {
      const by = principal(await stored.newMember());
      const { slug } = await stored.tenant();
      await expect(get(FoundTenant).execute(by, 'Acme', slug)).rejects.toThrow(SlugTaken);
      for (const wrong of ['admin', randomUUID(), 'a', 'a--b', 'Acme', '-a']) {
        await expect(get(FoundTenant).execute(by, 'Acme', wrong)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
      }
      expect((await get(FoundTenant).execute(by, 'Admin', null)).slug).toMatch(/^admin-\w{8}$/);
      expect((await get(FoundTenant).execute(by, 'A', null)).slug).toMatch(/^tenant-\w{8}$/);
    });

    it('changes name and slug, tells of what changed, and of a slug that was taken', async () => {
      const owner = await anOwner();
      const { slug: taken } = await stored.tenant();
      const own = `own-${randomUUID().slice(0, 8)}`;
      const renamed = await get(EditTenant).execute(owner, owner.tenantId, { name: 'New', slug: own });
      expect(renamed).toMatchObject({ name: 'New', slug: own });
      await get(EditTenant).execute(owner, owner.tenantId, { name: 'New' });
      await expect(get(EditTenant).execute(owner, owner.tenantId, { slug: taken })).rejects.toThrow(SlugTaken);
      expect(await eventsIn(owner.tenantId)).toMatchObject([
        { action: 'tenant.updated', outcome: 'success', details: { fields: ['name', 'slug'] } },
        { action: 'tenant.updated', outcome: 'failure', details: { reason: 'slug_taken' } },
      ]);
    });
  });

  describe('the roles of a member', () => {
    const set = (by: Principal, member: Pick<Member, 'userId'>, ...roles: string[]): Promise<void> =>
      get(SetMemberRoles).execute(by, member.userId, roles);

    it('are those that were said, and each that is new or gone is on record', async () => {
      const owner = await anOwner();
      const ann = await aMemberOf(owner);
      await set(owner, ann, 'analyst', 'data_scientist');
      expect(await rolesOf(ann)).toEqual(['analyst', 'data_scientist']);
      await set(owner, ann, 'data_scientist', 'analyst');
      const details = (role: string): object => ({ details: { role, by: owner.userId } });
      expect((await eventsIn(owner.tenantId)).filter(({ user_id: id }) => id === ann.userId)).toMatchObject([
        { action: 'role.granted', ...details('analyst') },
        { action: 'role.granted', ...details('data_scientist') },
        { action: 'role.revoked', ...details('viewer') },
      ]);
    });

    it('are live in sessions that are open, none of which ends', async () => {
      const owner = await anOwner();
      const ann = await aMemberOf(owner);
      const { accessToken } = await signIn(ann);
      const tokens = get(AuthenticateAccessToken);
      const rolesIn = async (): Promise<readonly string[] | undefined> =>
        (await tokens.execute(await tokens.verify(accessToken)))?.roles;
      expect(await rolesIn()).toEqual(['viewer']);
      await set(owner, ann, 'analyst');
      expect(await rolesIn()).toEqual(['analyst']);
    });

    it('stay as they are when one of them there is not', async () => {
      const owner = await anOwner();
      const ann = await aMemberOf(owner);
      await expect(set(owner, ann, 'analyst', 'emperor')).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
      expect(await rolesOf(ann)).toEqual(['viewer']);
    });

    it('are given by nobody who does not hold what they grant, to others or to themselves; that is on record', async () => {
      const owner = await anOwner();
      const admin = principal(await aMemberOf(owner, 'admin'));
      const ann = await aMemberOf(owner);
      for (const attempt of [
        () => set(admin, ann, 'owner'),
        () => set(admin, admin, 'owner', 'admin'),
        () => set(admin, owner, 'viewer'),
      ]) {
        await expect(attempt()).rejects.toThrow(AboveOwnRights);
      }
      expect([await rolesOf(ann), await rolesOf(admin), await rolesOf(owner)]).toEqual([
        ['viewer'],
        ['admin'],
        ['owner'],
      ]);
      expect((await eventsIn(owner.tenantId)).filter(({ action }) => action === 'access.denied')).toHaveLength(3);
    });

    it('of a user of another tenant alone are as of nobody', async () => {
      const [owner, other] = [await anOwner(), await anOwner()];
      for (const id of [other.userId, userId(randomUUID())]) {
        await expect(set(owner, { userId: id }, 'viewer')).rejects.toMatchObject({ code: 'NOT_FOUND' });
      }
      expect(await rolesOf(other)).toEqual(['owner']);
    });

    it('are given in every tenant by system administrators, members or not', async () => {
      const by = await aSystemAdministrator();
      const ann = await aMemberOf(await anOwner());
      await set({ ...by, tenantId: ann.tenantId }, ann, 'owner');
      expect(await rolesOf(ann)).toEqual(['owner']);
    });
  });

  describe('the last owner', () => {
    const demote = (by: Principal, { userId: id }: Member): Promise<void> =>
      get(SetMemberRoles).execute(by, id, ['viewer']);

    it('is not demoted, and the attempt stays on record', async () => {
      const owner = await anOwner();
      await expect(demote(owner, owner)).rejects.toThrow(LastOwner);
      expect((await eventsIn(owner.tenantId)).at(-1)).toMatchObject({
        action: 'role.granted',
        outcome: 'failure',
        details: { reason: 'last_owner' },
      });
    });

    it.each<[string, (by: Principal, other: Principal) => Promise<unknown>]>([
      ['are demoted by each other', (by, other) => demote(by, other)],
      ['demote themselves', (by) => demote(by, by)],
      ['are removed by each other', (by, other) => get(RemoveMember).execute(by, other.userId)],
      ['leave', (by) => get(EraseAccount).execute(by.userId, by.userId)],
      ['give the tenant to each other', (by, other) => get(TransferOwnership).execute(by, other.userId)],
    ])(`stays when two owners at once %s (${ROUNDS} rounds)`, async (_, act) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const ann = await anOwner();
        const bob = principal(await aMemberOf(ann, 'owner'));
        await aMemberOf(ann);
        const outcomes = await Promise.allSettled([act(ann, bob), act(bob, ann)]);
        expect(await ownersOf(ann)).toBe(1);
        for (const outcome of outcomes) {
          if (outcome.status === 'fulfilled') continue;
          expect(['LAST_OWNER', 'INSUFFICIENT_PERMISSIONS', 'NOT_FOUND']).toContain(
            (outcome.reason as { code?: string }).code,
          );
        }
      }
    });

    it('stays where one owner waits to be demoted by the other, who goes first', async () => {
      const ann = await anOwner();
      const bob = principal(await aMemberOf(ann, 'owner'));
      const outcome = await interleaved(
        context,
        () => get(SetMemberRoles).execute(ann, ann.userId, ['viewer']),
        () => demote(bob, bob),
      );
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(LastOwner) as LastOwner });
      expect(await ownersOf(ann)).toBe(1);
    });
  });

  describe('giving a tenant away', () => {
    const transfer = (by: Principal, to: Pick<Member, 'userId'>): Promise<void> =>
      get(TransferOwnership).execute(by, to.userId);

    it('makes the other the owner and oneself an administrator, in one go and on record', async () => {
      const owner = await anOwner();
      const ann = await aMemberOf(owner);
      await transfer(owner, ann);
      expect([await rolesOf(owner), await rolesOf(ann)]).toEqual([['admin'], ['owner', 'viewer']]);
      expect(await eventsIn(owner.tenantId)).toMatchObject([
        { action: 'role.granted', user_id: ann.userId },
        { action: 'role.granted', user_id: owner.userId },
        { action: 'role.revoked', user_id: owner.userId },
        { action: 'tenant.ownership_transferred', details: { from: owner.userId, to: ann.userId } },
      ]);
    });

    it('is for owners alone: not for who may do everything by another role, or in every tenant', async () => {
      const owner = await anOwner();
      const admin = principal(await aMemberOf(owner, 'admin'));
      const ann = await aMemberOf(owner);
      const by = { ...(await aSystemAdministrator()), tenantId: owner.tenantId };
      await expect(transfer(admin, ann)).rejects.toThrow(NeedsOwner);
      await expect(transfer(by, ann)).rejects.toThrow(NeedsOwner);
      expect(await ownersOf(owner)).toBe(1);
      expect((await eventsIn(owner.tenantId)).filter(({ action }) => action === 'access.denied')).toHaveLength(2);
    });

    it('is refused to who is kept out, to oneself, and to nobody there is', async () => {
      const [owner, other] = [await anOwner(), await anOwner()];
      const ann = await aMemberOf(owner);
      await context.source.query("UPDATE memberships SET status = 'locked' WHERE user_id = $1", [ann.userId]);
      await expect(transfer(owner, ann)).rejects.toThrow(StatusContradicted);
      await expect(transfer(owner, owner)).rejects.toMatchObject({ code: 'CONFLICT' });
      await expect(transfer(owner, other)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(await rolesOf(owner)).toEqual(['owner']);
    });
  });
});

describe('where administrators alone open tenants', () => {
  it('nobody else does, and the attempt stays on record', async () => {
    const context = await aContext({ hasher: new PlainHasher(), variables: { TENANT_CREATION: 'administrators' } });
    const stored = new Stored(context);
    const member = await stored.newMember();
    const by = { ...member, kind: 'user', systemAdministrator: false } as Principal;
    const found = (one: Principal) => context.app.get(FoundTenant).execute(one, 'Acme', null);
    await expect(found(by)).rejects.toThrow(NeedsSystemAdministrator);
    expect(
      await context.source.query('SELECT action, outcome, details FROM audit_events WHERE user_id = $1', [by.userId]),
    ).toEqual([{ action: 'tenant.created', outcome: 'failure', details: { reason: 'needs_system_administrator' } }]);
    expect(await found({ ...by, systemAdministrator: true })).toMatchObject({ name: 'Acme' });
    await context.stop();
  });
});
