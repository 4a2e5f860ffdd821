import { randomUUID } from 'node:crypto';
import { sessionId } from '../../src/kernel/ids';
import { LiveSessions } from '../../src/modules/tokens/application/sessions/live-sessions.port';
import type { SessionState } from '../../src/modules/tokens/domain/session';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { type Member, Stored } from '../support/stored';

describe.each(DATABASES)('every reader of live sessions (%s)', (database) => {
  let context: TestContext;
  let live: LiveSessions;
  let stored: Stored;

  beforeAll(async () => {
    context = await aContext({ database });
    [live, stored] = [context.app.get(LiveSessions), new Stored(context)];
  });
  afterAll(() => context.stop());

  it('tells whose session it is and what they may do there', async () => {
    const member = await stored.newMember();
    const { id, idleExpiresAt } = (await stored.session(member)).snapshot();
    expect(await live.find(id, member.tenantId, context.clock.now())).toEqual({
      ...member,
      sessionId: id,
      roles: ['viewer'],
      permissions: ['dataset:read', 'detector:read', 'experiment:read'],
      systemAdministrator: false,
      assurance: 'aal1',
      factorShownAt: null,
      confined: false,
      networks: [],
      maxDays: null,
      newDevice: 'allow',
      endsAt: idleExpiresAt,
    });
  });

  it('gives none of the roles the user has in another tenant', async () => {
    const member = await stored.newMember();
    const there = { userId: member.userId, tenantId: (await stored.tenant()).id };
    await stored.member(there, 'owner');
    const { id } = (await stored.session(member)).snapshot();
    expect((await live.find(id, member.tenantId, context.clock.now()))?.roles).toEqual(['viewer']);
  });

  it('gives the grants of another tenant of the user for a token of that tenant, whichever the session is in', async () => {
    const member = await stored.newMember();
    const there = { userId: member.userId, tenantId: (await stored.tenant()).id };
    await stored.member(there, 'owner');
    const { id } = (await stored.session(member)).snapshot();
    expect(await live.find(id, there.tenantId, context.clock.now())).toMatchObject({ ...there, roles: ['owner'] });
  });

  it('knows no live session in a tenant the user does not belong to', async () => {
    const member = await stored.newMember();
    const elsewhere = await stored.newMember();
    const { id } = (await stored.session(member)).snapshot();
    expect(await live.find(id, elsewhere.tenantId, context.clock.now())).toBeNull();
  });

  it('tells what the tenant says about new devices, and the earlier end', async () => {
    const member = await stored.newMember();
    const expiresAt = new Date('2026-01-02T00:00:00.000Z');
    const { id } = (await stored.session(member, { expiresAt })).snapshot();
    await context.source.query("UPDATE tenants SET refresh_from_new_device = 'refuse' WHERE id = $1", [
      member.tenantId,
    ]);
    const found = await live.find(id, member.tenantId, context.clock.now());
    expect(found).toMatchObject({ newDevice: 'refuse', endsAt: expiresAt });
  });

  it('tells when a second factor was shown last', async () => {
    const member = await stored.newMember();
    const factorShownAt = new Date('2026-01-01T00:05:00.000Z');
    const { id } = (await stored.session(member, { factorShownAt })).snapshot();
    expect(await live.find(id, member.tenantId, context.clock.now())).toMatchObject({ factorShownAt });
  });

  it('gives a role that was granted after the session began', async () => {
    const member = await stored.newMember();
    const { id } = (await stored.session(member)).snapshot();
    await stored.member(member, 'owner');
    expect((await live.find(id, member.tenantId, context.clock.now()))?.permissions).toContain('*:*');
  });

  describe('of a tenant that demands a second factor', () => {
    const SHOWN = ['pwd', 'otp', 'mfa'];
    const demand = (member: Member, ofAll: boolean, ofRoles: readonly string[]): Promise<unknown> =>
      context.source.query(
        'UPDATE tenants SET second_factor_required = $2, second_factor_required_of = $3 WHERE id = $1',
        [member.tenantId, ofAll, ofRoles],
      );
    const found = async (member: Member, session: Partial<SessionState> = {}) => {
      const { id } = (await stored.session(member, session)).snapshot();
      return live.find(id, member.tenantId, context.clock.now());
    };

    it.each<[string, boolean, readonly string[]]>([
      ['of all', true, []],
      ['of holders of a role they have', false, ['owner', 'viewer']],
    ])('%s, finds a session that has shown none confined: it may do nothing', async (_, ofAll, ofRoles) => {
      const member = await stored.newMember();
      await context.source.query('UPDATE users SET system_administrator = true WHERE id = $1', [member.userId]);
      expect(await found(member)).toMatchObject({ confined: false, roles: ['viewer'], systemAdministrator: true });
      await demand(member, ofAll, ofRoles);
      expect(await found(member)).toMatchObject({
        ...member,
        assurance: 'aal1',
        confined: true,
        roles: [],
        permissions: [],
        systemAdministrator: false,
      });
    });

    it.each<[string, (member: Member) => Partial<SessionState>, string]>([
      ['that has shown one', () => ({ authenticationMethods: SHOWN }), 'aal2'],
      ['that a device trusted there spared it', ({ tenantId }) => ({ deviceTrustedIn: tenantId }), 'aal1'],
    ])('finds a session %s free', async (_, session, assurance) => {
      const member = await stored.newMember();
      await demand(member, true, ['viewer']);
      expect(await found(member, session(member))).toMatchObject({ assurance, confined: false, roles: ['viewer'] });
    });

    it('finds a session confined that was spared it in another tenant', async () => {
      const member = await stored.newMember();
      await demand(member, true, []);
      const deviceTrustedIn = (await stored.tenant()).id;
      expect(await found(member, { deviceTrustedIn })).toMatchObject({ confined: true, roles: [] });
    });

    it('of holders of other roles, finds a session free until they are given one of them', async () => {
      const member = await stored.newMember();
      await demand(member, false, ['owner', 'admin']);
      expect(await found(member)).toMatchObject({ confined: false, roles: ['viewer'] });
      await stored.member(member, 'admin');
      expect(await found(member)).toMatchObject({ confined: true, roles: [] });
    });

    it('finds the same session free in the other tenants of its user', async () => {
      const member = await stored.newMember();
      const there = { userId: member.userId, tenantId: (await stored.tenant()).id };
      await stored.member(there, 'owner');
      await demand(member, true, []);
      const { id } = (await stored.session(member)).snapshot();
      expect(await live.find(id, there.tenantId, context.clock.now())).toMatchObject({
        confined: false,
        roles: ['owner'],
      });
    });
  });

  describe('of an account with a second factor, in a tenant that demands none,', () => {
    const holder = async (confirmed: boolean): Promise<Member> => {
      const member = await stored.newMember();
      await context.source.query(
        `INSERT INTO factors (id, user_id, type, label, created_at, confirmed_at)
         VALUES (gen_random_uuid(), $1, 'email', 'a***@example.com', now(), $2)`,
        [member.userId, confirmed ? context.clock.now() : null],
      );
      return member;
    };
    const found = async (member: Member, session: Partial<SessionState> = {}) => {
      const { id } = (await stored.session(member, session)).snapshot();
      return live.find(id, member.tenantId, context.clock.now());
    };

    it('finds a session confined that has shown none', async () => {
      expect(await found(await holder(true))).toMatchObject({ confined: true, roles: [], permissions: [] });
    });

    it('finds a session free while that is being set up', async () => {
      expect(await found(await holder(false))).toMatchObject({ confined: false, roles: ['viewer'] });
    });

    it.each<[string, (member: Member) => Partial<SessionState>]>([
      ['that has shown it', () => ({ authenticationMethods: ['pwd', 'otp', 'mfa'] })],
      ['that a device trusted there spared it', ({ tenantId }) => ({ deviceTrustedIn: tenantId })],
    ])('finds a session free %s', async (_, session) => {
      const member = await holder(true);
      expect(await found(member, session(member))).toMatchObject({ confined: false, roles: ['viewer'] });
    });

    it('finds a session confined that was spared it in another tenant', async () => {
      const deviceTrustedIn = (await stored.tenant()).id;
      expect(await found(await holder(true), { deviceTrustedIn })).toMatchObject({ confined: true, roles: [] });
    });
  });

  it.each([
    ['the user is disabled', "UPDATE users SET status = 'disabled' WHERE id = $1", 'userId'],
    ['the tenant is suspended', "UPDATE tenants SET status = 'suspended' WHERE id = $1", 'tenantId'],
    ['the membership has ended', 'DELETE FROM memberships WHERE user_id = $1', 'userId'],
    ['the user is locked there', "UPDATE memberships SET status = 'locked' WHERE user_id = $1", 'userId'],
    ['the user is disabled there', "UPDATE memberships SET status = 'disabled' WHERE user_id = $1", 'userId'],
  ] as const)('knows no live session when %s', async (_when, sql, of) => {
    const member = await stored.newMember();
    const { id } = (await stored.session(member)).snapshot();
    await context.source.query(sql, [member[of]]);
    expect(await live.find(id, member.tenantId, context.clock.now())).toBeNull();
  });

  it('says from where the session is used in the tenant it is asked of, and from anywhere of a system administrator', async () => {
    const member = await stored.newMember();
    const there = { userId: member.userId, tenantId: (await stored.tenant()).id };
    await stored.member(there);
    const { id } = (await stored.session(member)).snapshot();
    await context.source.query("UPDATE tenants SET ip_allowlist = '{203.0.113.0/24}' WHERE id = $1", [there.tenantId]);
    const networksIn = async ({ tenantId }: Member): Promise<unknown> =>
      (await live.find(id, tenantId, context.clock.now()))?.networks;
    expect([await networksIn(member), await networksIn(there)]).toEqual([[], ['203.0.113.0/24']]);
    await context.source.query('UPDATE users SET system_administrator = true WHERE id = $1', [member.userId]);
    expect(await networksIn(there)).toEqual([]);
    // Confined or not: they are who helps.
    await context.source.query('UPDATE tenants SET second_factor_required = true WHERE id = $1', [there.tenantId]);
    expect(await live.find(id, there.tenantId, context.clock.now())).toMatchObject({ confined: true, networks: [] });
  });

  it('has a session end in a tenant so many days after its sign-in, and in another as it would', async () => {
    const day = 86_400_000;
    const member = await stored.newMember();
    const there = { userId: member.userId, tenantId: (await stored.tenant()).id };
    await stored.member(there);
    const createdAt = context.clock.now();
    const after = (ms: number): Date => new Date(createdAt.getTime() + ms);
    const far = { createdAt, idleExpiresAt: after(9 * day), expiresAt: after(10 * day) };
    const { id } = (await stored.session(member, far)).snapshot();
    await context.source.query('UPDATE tenants SET session_max_days = 2 WHERE id = $1', [there.tenantId]);
    const endIn = async ({ tenantId }: Member, now: Date): Promise<unknown> =>
      (await live.find(id, tenantId, now))?.endsAt;
    expect(await endIn(there, after(2 * day - 1))).toEqual(after(2 * day));
    expect(await endIn(there, after(2 * day))).toBeUndefined();
    expect(await endIn(member, after(2 * day))).toEqual(after(9 * day));
    await context.source.query('UPDATE tenants SET session_max_days = 365 WHERE id = $1', [there.tenantId]);
    expect(await endIn(there, after(2 * day))).toEqual(after(9 * day));
  });

  it('knows no live session once its user has another security stamp', async () => {
    const member = await stored.newMember();
    const { id } = (await stored.session(member, { securityStamp: await stored.stampOf(member) })).snapshot();
    expect(await live.find(id, member.tenantId, context.clock.now())).not.toBeNull();
    await context.source.query('UPDATE users SET security_stamp = gen_random_uuid() WHERE id = $1', [member.userId]);
    expect(await live.find(id, member.tenantId, context.clock.now())).toBeNull();
  });

  it('knows sessions of older versions, which have no stamp', async () => {
    const member = await stored.newMember();
    const { id } = (await stored.session(member, { securityStamp: null })).snapshot();
    await context.source.query('UPDATE users SET security_stamp = gen_random_uuid() WHERE id = $1', [member.userId]);
    expect(await live.find(id, member.tenantId, context.clock.now())).not.toBeNull();
  });

  it('knows no live session that is revoked, expired or was never stored', async () => {
    const member = await stored.newMember();
    const now = context.clock.now();
    const ended = [
      await stored.session(member, { revokedAt: now, revokedFor: 'signed_out' }),
      await stored.session(member, { expiresAt: now }),
      await stored.session(member, { idleExpiresAt: now }),
    ].map((session) => session.snapshot().id);
    for (const id of [...ended, sessionId(randomUUID())]) expect(await live.find(id, member.tenantId, now)).toBeNull();
  });
});
