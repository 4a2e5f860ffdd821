import { randomUUID } from 'node:crypto';
import { type SessionId, sessionId } from '../../src/kernel/ids';
import { Sessions } from '../../src/modules/tokens/application/sessions/sessions.port';
import type { Session } from '../../src/modules/tokens/domain/session';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { aSession } from '../support/a-session';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { gate, interleaved, untilWaiting } from '../support/gates';
import { type Member, Stored } from '../support/stored';

const policy = { graceSeconds: 10, idleSeconds: 600, newDevice: 'allow', maxDays: null } as const;

describe.each(DATABASES)('every store of sessions (%s)', (database) => {
  let context: TestContext;
  let sessions: Sessions;
  let work: UnitOfWork;
  let stored: Stored;

  const idOf = (session: Session) => session.snapshot().id;
  const read = async (session: Session) => (await work.run(() => sessions.take(idOf(session))))?.snapshot();

  beforeAll(async () => {
    context = await aContext({ database });
    [sessions, work, stored] = [context.app.get(Sessions), context.app.get(UnitOfWork), new Stored(context)];
  });
  afterAll(() => context.stop());

  it('gives a session back as it was stored, its secret byte by byte', async () => {
    const session = await stored.session(await stored.newMember());
    const found = await read(session);
    const { secret, ...state } = session.snapshot();
    expect(found).toMatchObject(state);
    expect(Buffer.from(found!.secret).toString('hex')).toBe(Buffer.from(secret).toString('hex'));
  });

  it('takes no session that was never stored', async () => {
    expect(await work.run(() => sessions.take(sessionId(randomUUID())))).toBeNull();
  });

  it('saves a changed session and nothing of another one', async () => {
    const holder = await stored.newMember();
    const [session, other] = [await stored.session(holder), await stored.session(holder)];
    session.rotate(1, 'a device', policy, context.clock.now());
    await work.run(() => sessions.save(session));
    expect(await read(session)).toMatchObject({ generation: 2 });
    expect(await read(other)).toMatchObject({ generation: 1, revokedAt: null });
  });

  it('holds a taken session, so that of a rotation and a sign-out neither is lost', async () => {
    const session = await stored.session(await stored.newMember());
    const change = async (how: (taken: Session) => unknown): Promise<void> => {
      const taken = (await sessions.take(idOf(session)))!;
      how(taken);
      await sessions.save(taken);
    };
    await interleaved(
      context,
      (now) => change((taken) => taken.rotate(1, 'a device', policy, now)),
      () => work.run((now) => change((taken) => taken.revoke('signed_out', now))),
    );
    expect(await read(session)).toMatchObject({ generation: 2, revokedFor: 'signed_out' });
  });

  describe('ending the sessions of a user in one tenant', () => {
    it('ends those whose active tenant it is, and counts them', async () => {
      const holder = await stored.newMember();
      const there = { userId: holder.userId, tenantId: (await stored.tenant()).id };
      const other = { userId: (await stored.user()).snapshot().id, tenantId: holder.tenantId };
      const [here, elsewhere, theirs] = [
        await stored.session(holder),
        await stored.session(there),
        await stored.session(other),
      ];
      const { userId, tenantId } = holder;
      const end = () => work.run((now) => sessions.revokeAllIn(tenantId, userId, 'ended_by_administrator', now));
      expect(await end()).toBe(1);
      expect(await read(here)).toMatchObject({ revokedFor: 'ended_by_administrator' });
      for (const open of [elsewhere, theirs]) expect(await read(open)).toMatchObject({ revokedAt: null });
      expect(await end()).toBe(0);
    });

    it('ends one that is just being switched to it', async () => {
      const holder = await stored.newMember();
      const session = await stored.session({ userId: holder.userId, tenantId: (await stored.tenant()).id });
      const { userId, tenantId } = holder;
      const ended = await interleaved(
        context,
        async (now) => {
          const taken = (await sessions.take(idOf(session)))!;
          taken.switchTo(tenantId, taken.snapshot().tenantId, 'a device', policy, now);
          await sessions.save(taken);
        },
        () => work.run((now) => sessions.revokeAllIn(tenantId, userId, 'ended_by_administrator', now)),
      );
      expect(ended).toMatchObject({ value: 1 });
      expect(await read(session)).toMatchObject({ tenantId, revokedFor: 'ended_by_administrator' });
    });
  });

  describe('ending all sessions of a user', () => {
    it('ends the open ones but the kept one, and counts them', async () => {
      const holder = await stored.newMember();
      const [kept, one, two] = [
        await stored.session(holder),
        await stored.session(holder),
        await stored.session(holder),
      ];
      const at = context.clock.now();
      expect(await work.run(() => sessions.revokeAllOf(holder.userId, idOf(kept), 'password_changed', at))).toBe(2);
      expect(await read(kept)).toMatchObject({ revokedAt: null, revokedFor: null });
      for (const ended of [one, two]) {
        expect(await read(ended)).toMatchObject({ revokedAt: at, revokedFor: 'password_changed' });
      }
    });

    it('ends them all when none is kept, in whichever tenant they are', async () => {
      const holder = await stored.newMember();
      const there = { userId: holder.userId, tenantId: (await stored.tenant()).id };
      await stored.session(holder);
      await stored.session(there);
      const at = context.clock.now();
      expect(await work.run(() => sessions.revokeAllOf(holder.userId, null, 'password_changed', at))).toBe(2);
    });

    it('ends all there are in one tenant, of whoever, and none in another', async () => {
      const holder = await stored.newMember();
      const colleague = { userId: (await stored.user()).snapshot().id, tenantId: holder.tenantId };
      const there = { userId: holder.userId, tenantId: (await stored.tenant()).id };
      const [one, two, elsewhere] = [
        await stored.session(holder),
        await stored.session(colleague),
        await stored.session(there),
      ];
      const at = context.clock.now();
      const before = await stored.session(holder, { revokedAt: at, revokedFor: 'signed_out' });
      const end = () => work.run(() => sessions.revokeAllOfTenant(holder.tenantId, 'tenant_closed', at));
      expect([await end(), await end()]).toEqual([2, 0]);
      for (const ended of [one, two]) expect(await read(ended)).toMatchObject({ revokedFor: 'tenant_closed' });
      expect(await read(elsewhere)).toMatchObject({ revokedAt: null });
      expect(await read(before)).toMatchObject({ revokedFor: 'signed_out' });
    });

    it('leaves an ended session its reason', async () => {
      const holder = await stored.newMember();
      const at = context.clock.now();
      const session = await stored.session(holder, { revokedAt: at, revokedFor: 'signed_out' });
      expect(await work.run(() => sessions.revokeAllOf(holder.userId, null, 'password_changed', at))).toBe(0);
      expect(await read(session)).toMatchObject({ revokedFor: 'signed_out' });
    });

    it('leaves the sessions of another user open, even when one of those is named as the kept one', async () => {
      const holder = await stored.newMember();
      const other = { userId: (await stored.user()).snapshot().id, tenantId: holder.tenantId };
      const [mine, theirs] = [await stored.session(holder), await stored.session(other)];
      const at = context.clock.now();
      expect(await work.run(() => sessions.revokeAllOf(holder.userId, idOf(theirs), 'password_changed', at))).toBe(1);
      expect(await read(mine)).toMatchObject({ revokedAt: at });
      expect(await read(theirs)).toMatchObject({ revokedAt: null });
    });

    it('holds the kept one too, so that two who keep different ones do not wait in a circle', async () => {
      const holder = await stored.newMember();
      const all = [await stored.session(holder), await stored.session(holder), await stored.session(holder)];
      const [first, second] = all.map(idOf).sort() as [SessionId, SessionId];
      const [held, mayGoOn] = [gate(), gate()];
      const keeping = work.run(async (now) => {
        await sessions.revokeAllOf(holder.userId, second, 'password_changed', now);
        held.open();
        await mayGoOn.opened;
        await sessions.renewStamp(second);
      });
      await held.opened;
      const ending = work.run((now) => sessions.revokeAllOf(holder.userId, first, 'ended_by_user', now));
      await Promise.race([ending, untilWaiting(context, 1)]);
      mayGoOn.open();
      expect(await Promise.allSettled([keeping, ending])).toMatchObject([
        { status: 'fulfilled' },
        { status: 'fulfilled', value: 1 },
      ]);
    });

    it('waits for whoever holds one of them', async () => {
      const holder = await stored.newMember();
      const session = await stored.session(holder);
      await interleaved(
        context,
        async (now) => {
          const taken = (await sessions.take(idOf(session)))!;
          taken.rotate(1, 'a device', policy, now);
          await sessions.save(taken);
        },
        () => work.run((now) => sessions.revokeAllOf(holder.userId, null, 'password_changed', now)),
      );
      expect(await read(session)).toMatchObject({ generation: 2, revokedFor: 'password_changed' });
    });
  });

  describe('taking a session for its user alone', () => {
    const takeOf = (holder: Member, session: Session) => work.run(() => sessions.takeOf(holder.userId, idOf(session)));

    it('gives it, in whichever tenant it is', async () => {
      const holder = await stored.newMember();
      const session = await stored.session({ ...holder, tenantId: (await stored.tenant()).id });
      expect((await takeOf(holder, session))?.snapshot()).toMatchObject({ id: idOf(session), userId: holder.userId });
    });

    it('gives nothing of somebody else, not even in the same tenant', async () => {
      const [holder, other] = [await stored.newMember(), await stored.newMember()];
      const session = await stored.session({ ...other, tenantId: holder.tenantId });
      expect(await takeOf(holder, session)).toBeNull();
    });

    it('gives nothing that was never stored', async () => {
      const holder = await stored.newMember();
      expect(await takeOf(holder, aSession(holder))).toBeNull();
    });

    it('holds it, so that of two changes neither is lost', async () => {
      const holder = await stored.newMember();
      const session = await stored.session(holder);
      const revoke = async (now: Date): Promise<boolean> => {
        const taken = (await sessions.takeOf(holder.userId, idOf(session)))!;
        const isFirst = taken.revoke('ended_by_user', now);
        await sessions.save(taken);
        return isFirst;
      };
      const second = await interleaved(context, revoke, () => work.run(revoke));
      expect(second).toEqual({ status: 'fulfilled', value: false });
    });
  });

  describe('renewing the stamp of a session', () => {
    it('lets that one go on under the stamp its user has by now, and no other', async () => {
      const holder = await stored.newMember();
      const securityStamp = await stored.stampOf(holder);
      const [kept, other] = [
        await stored.session(holder, { securityStamp }),
        await stored.session(holder, { securityStamp }),
      ];
      await context.source.query('UPDATE users SET security_stamp = gen_random_uuid() WHERE id = $1', [holder.userId]);
      await work.run(() => sessions.renewStamp(idOf(kept)));
      expect(await read(kept)).toMatchObject({ securityStamp: await stored.stampOf(holder) });
      expect(await read(other)).toMatchObject({ securityStamp });
    });
  });

  describe('forgetting sessions that ended', () => {
    const BEFORE = new Date('2020-01-01T00:00:00.000Z');
    const EARLIER = new Date('2019-12-31T23:59:59.999Z');
    const removed = (limit: number) => work.run(() => sessions.removeEnded(BEFORE, limit));

    it.each([
      ['was revoked', { revokedAt: EARLIER, revokedFor: 'signed_out' }],
      ['idled for too long', { idleExpiresAt: EARLIER }],
      ['came to its absolute end', { expiresAt: EARLIER }],
    ] as const)('removes one that %s before the instant', async (_, change) => {
      const session = await stored.session(await stored.newMember(), change);
      expect(await removed(10)).toBe(1);
      expect(await read(session)).toBeUndefined();
    });

    it.each([
      ['is in force', {}],
      ['was revoked at the instant', { revokedAt: BEFORE, revokedFor: 'signed_out' }],
      ['ended at the instant', { expiresAt: BEFORE }],
    ] as const)('leaves one that %s', async (_, change) => {
      const session = await stored.session(await stored.newMember(), change);
      expect(await removed(10)).toBe(0);
      expect(await read(session)).toBeDefined();
    });

    it('removes no more than it is asked to, those that ended first before the others', async () => {
      const holder = await stored.newMember();
      const ended = async (day: number) => stored.session(holder, { expiresAt: new Date(Date.UTC(2019, 0, day)) });
      const [third, first, second] = [await ended(3), await ended(1), await ended(2)];
      expect(await removed(2)).toBe(2);
      expect([await read(first), await read(second)]).toEqual([undefined, undefined]);
      expect(await read(third)).toBeDefined();
      expect(await removed(2)).toBe(1);
      expect(await removed(2)).toBe(0);
    });

    // An embedded database has one session: nobody else can hold a row.
    if (database === 'postgres') {
      it('passes over one that somebody holds, and waits for nobody', async () => {
        const holder = await stored.newMember();
        const [held, free] = [
          await stored.session(holder, { expiresAt: EARLIER }),
          await stored.session(holder, { expiresAt: EARLIER }),
        ];
        const sweep = await interleaved(
          context,
          () => sessions.take(idOf(held)),
          () => removed(10),
        );
        expect(sweep).toEqual({ status: 'fulfilled', value: 1 });
        expect(await read(held)).toBeDefined();
        expect(await read(free)).toBeUndefined();
        expect(await removed(10)).toBe(1);
      });
    }
  });

  it('refuses to write or take outside a unit of work', async () => {
    const session = aSession(await stored.newMember());
    const { userId } = session.snapshot();
    const at = context.clock.now();
    const attempts = [
      () => sessions.add(session),
      () => sessions.save(session),
      () => sessions.take(idOf(session)),
      () => sessions.takeOf(userId, idOf(session)),
      () => sessions.renewStamp(idOf(session)),
      () => sessions.removeEnded(at, 1),
      () => sessions.revokeAllOf(userId, null, 'password_changed', at),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow('outside UnitOfWork');
  });
});
