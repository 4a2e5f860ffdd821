import { randomUUID } from 'node:crypto';
import { sessionId } from '../../src/kernel/ids';
import { Sessions } from '../../src/modules/tokens/application/sessions.port';
import type { Session } from '../../src/modules/tokens/domain/session';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { aSession } from '../support/a-session';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { interleaved } from '../support/gates';
import { Stored } from '../support/stored';

const lifetimes = { graceSeconds: 10, idleSeconds: 600, absoluteSeconds: 6000 };

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
    session.rotate(1, lifetimes, context.clock.now());
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
      (now) => change((taken) => taken.rotate(1, lifetimes, now)),
      () => work.run((now) => change((taken) => taken.revoke('signed_out', now))),
    );
    expect(await read(session)).toMatchObject({ generation: 2, revokedFor: 'signed_out' });
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

    it('waits for whoever holds one of them', async () => {
      const holder = await stored.newMember();
      const session = await stored.session(holder);
      await interleaved(
        context,
        async (now) => {
          const taken = (await sessions.take(idOf(session)))!;
          taken.rotate(1, lifetimes, now);
          await sessions.save(taken);
        },
        () => work.run((now) => sessions.revokeAllOf(holder.userId, null, 'password_changed', now)),
      );
      expect(await read(session)).toMatchObject({ generation: 2, revokedFor: 'password_changed' });
    });
  });

  it('refuses to write or take outside a unit of work', async () => {
    const session = aSession(await stored.newMember());
    const { userId } = session.snapshot();
    const at = context.clock.now();
    const attempts = [
      () => sessions.add(session),
      () => sessions.save(session),
      () => sessions.take(idOf(session)),
      () => sessions.revokeAllOf(userId, null, 'password_changed', at),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow('outside UnitOfWork');
  });
});
