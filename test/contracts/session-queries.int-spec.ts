import { SessionQueries } from '../../src/modules/tokens/application/sessions/session-queries';
import { LastSeen } from '../../src/modules/tokens/application/sessions/last-seen.port';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { Stored } from '../support/stored';

const at = (hour: number): Date => new Date(Date.UTC(2026, 0, 1, hour));

describe.each(DATABASES)('every reader of sessions (%s)', (database) => {
  let context: TestContext;
  let queries: SessionQueries;
  let stored: Stored;

  beforeAll(async () => {
    context = await aContext({ database });
    [queries, stored] = [context.app.get(SessionQueries), new Stored(context)];
  });
  afterAll(() => context.stop());

  it('shows all there is to see of a session, and nothing that opens it', async () => {
    const holder = await stored.newMember();
    const session = (await stored.session(holder, { authenticationMethods: ['pwd', 'otp'] })).snapshot();
    expect(await queries.listOf(holder.userId, context.clock.now())).toEqual([
      {
        id: session.id,
        ipAddress: session.ipAddress,
        userAgent: session.userAgent,
        createdAt: session.createdAt,
        lastSeenAt: session.rotatedAt,
        expiresAt: session.idleExpiresAt,
        authenticationMethods: ['pwd', 'otp'],
      },
    ]);
  });

  it('shows the earlier of its two ends', async () => {
    const holder = await stored.newMember();
    await stored.session(holder, { expiresAt: at(5) });
    expect(await queries.listOf(holder.userId, at(4))).toMatchObject([{ expiresAt: at(5) }]);
  });

  it('shows the end that the tenant it is in wants, where that is earlier, and none that is over there', async () => {
    const holder = await stored.newMember();
    const far = { createdAt: at(0), idleExpiresAt: at(100), expiresAt: at(200) };
    const { id } = (await stored.session(holder, far)).snapshot();
    const elsewhere = { ...holder, tenantId: (await stored.tenant()).id };
    await stored.session(elsewhere, { ...far, rotatedAt: at(1) });
    await context.source.query('UPDATE tenants SET session_max_days = 1 WHERE id = $1', [holder.tenantId]);
    const endsAt = async (now: Date) => (await queries.listOf(holder.userId, now)).map(({ expiresAt }) => expiresAt);
    expect(await endsAt(at(23))).toEqual(expect.arrayContaining([at(24), at(100)]));
    expect((await queries.listOf(holder.userId, at(24))).map((session) => session.id)).not.toContain(id);
    expect(await endsAt(at(24))).toEqual([at(100)]);
  });

  it('begins with the one that was last refreshed or seen', async () => {
    const holder = await stored.newMember();
    const ids: string[] = [];
    for (const hour of [2, 4, 1]) {
      ids.push((await stored.session(holder, { rotatedAt: at(hour) })).snapshot().id);
    }
    const [two, four, one] = ids;
    const listed = async () => (await queries.listOf(holder.userId, at(6))).map(({ id }) => id);
    expect(await listed()).toEqual([four, two, one]);

    const [last] = (await queries.listOf(holder.userId, at(6))).slice(-1);
    const lastSeen = context.app.get(LastSeen);
    lastSeen.note(last!.id, null, at(5));
    await lastSeen.write();
    expect(await listed()).toEqual([one, four, two]);
  });

  it('shows those of the user in every tenant, and none of anybody else', async () => {
    const [holder, other] = [await stored.newMember(), await stored.newMember()];
    const [here, there] = [
      await stored.session(holder),
      await stored.session({ ...holder, tenantId: (await stored.tenant()).id }),
    ];
    await stored.session({ ...other, tenantId: holder.tenantId });
    const ids = (await queries.listOf(holder.userId, context.clock.now())).map(({ id }) => id);
    expect(ids.sort()).toEqual([here.snapshot().id, there.snapshot().id].sort());
  });

  it('shows none that is over, for whatever reason', async () => {
    const holder = await stored.newMember();
    const now = at(3);
    await stored.session(holder, { revokedAt: at(1), revokedFor: 'signed_out' });
    await stored.session(holder, { expiresAt: now });
    await stored.session(holder, { idleExpiresAt: now });
    await stored.session(holder, { securityStamp: crypto.randomUUID() });
    expect(await queries.listOf(holder.userId, now)).toEqual([]);
  });

  it('shows one under the stamp of its user, and one of an older version, which has none', async () => {
    const holder = await stored.newMember();
    await stored.session(holder, { securityStamp: await stored.stampOf(holder) });
    await stored.session(holder, { securityStamp: null });
    expect(await queries.listOf(holder.userId, context.clock.now())).toHaveLength(2);
  });

  it('shows two hundred at most, the latest', async () => {
    const holder = await stored.newMember();
    const oldest = (await stored.session(holder, { rotatedAt: at(0) })).snapshot().id;
    await context.source.query(
      `INSERT INTO sessions SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(),
         'rotated_at', s.rotated_at + interval '1 second'))).*
       FROM sessions s, generate_series(1, 200) WHERE s.id = $1`,
      [oldest],
    );
    const ids = (await queries.listOf(holder.userId, context.clock.now())).map(({ id }) => id);
    expect(ids).toHaveLength(200);
    expect(ids).not.toContain(oldest);
  });
});
