import { randomUUID } from 'node:crypto';
import { LockoutAdministration } from '../../src/modules/identity/application/lockout/lockout-administration';
import { Lockouts } from '../../src/modules/identity/application/lockout/lockouts.port';
import { StandIns } from '../../src/modules/identity/application/lockout/stand-ins.port';
import { Lockout, type LockoutState } from '../../src/modules/identity/domain/lockout/lockout';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { interleaved } from '../support/gates';
import { Stored } from '../support/stored';

const POLICY = { threshold: 5, firstDelaySeconds: 60, longestDelaySeconds: 900, stopAfter: 100 };
const STRANGER = { key: 'network:203.0.113.0/24', isKnown: false };

describe.each(DATABASES)('every store of lockouts (%s)', (database) => {
  let context: TestContext;
  let lockouts: Lockouts;
  let work: UnitOfWork;

  beforeAll(async () => {
    context = await aContext({ database });
    [lockouts, work] = [context.app.get(Lockouts), context.app.get(UnitOfWork)];
  });
  afterAll(() => context.stop());
  // Of the other tests nothing is there to be cleaned up.
  beforeEach(() => context.source.query('DELETE FROM lockouts'));

  const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
  const save = (state: LockoutState): Promise<void> =>
    work.run(async () => {
      await lockouts.take(state.account);
      await lockouts.save(Lockout.restore(state));
    });
  const taken = (account: string): Promise<LockoutState> =>
    work.run(async () => (await lockouts.take(account)).snapshot());
  const found = async (account: string): Promise<LockoutState | null> =>
    (await lockouts.find(account))?.snapshot() ?? null;
  const clean = (account: string, changedAt: Date): LockoutState => ({
    ...Lockout.clean(account, changedAt).snapshot(),
  });
  const nobody = (): string => context.app.get(StandIns).accountFor(randomUUID());
  const aUser = async (): Promise<string> => (await new Stored(context).user()).snapshot().id;
  const full = (account: string): LockoutState => ({
    account,
    failures: 102,
    stoppedAt: at(1.5),
    sources: {
      'network:2001:db8:1:2::/64': {
        isKnown: false,
        failures: 7,
        lastFailedAt: at(2.123).getTime(),
        lockedUntil: at(240).getTime(),
      },
      'device:0123456789abcdef': { isKnown: true, failures: 1, lastFailedAt: at(3).getTime(), lockedUntil: null },
      'a "name" that’s \\ odd': { isKnown: false, failures: 2, lastFailedAt: 0, lockedUntil: null },
    },
    checks: [
      { id: randomUUID(), key: 'network:none', isKnown: false, until: at(30).getTime() },
      { id: randomUUID(), key: 'device:0123456789abcdef', isKnown: true, until: at(31).getTime() },
    ],
    changedAt: at(4.25),
  });

  it('gives a clean one where there was none, and keeps it', async () => {
    const account = nobody();
    expect(await found(account)).toBeNull();
    expect(await taken(account)).toEqual(clean(account, context.clock.now()));
    expect(await found(account)).toEqual(clean(account, context.clock.now()));
  });

  it('gives back all that was saved', async () => {
    const state = full(nobody());
    await save(state);
    expect(await taken(state.account)).toEqual(state);
    expect(await found(state.account)).toEqual(state);
  });

  it('forgets what was forgiven', async () => {
    const state = full(nobody());
    await save(state);
    await save(clean(state.account, at(5)));
    expect(await found(state.account)).toEqual(clean(state.account, at(5)));
  });

  it('leaves everybody else’s as it is', async () => {
    const [one, other] = [full(nobody()), full(nobody())];
    await save(one);
    await save(other);
    await save(clean(one.account, at(5)));
    expect(await found(other.account)).toEqual(other);
  });

  it.each<[string, (account: string) => Promise<void>]>([
    ['where there was none', () => Promise.resolve()],
    ['where there is one', (account) => save(clean(account, at(0)))],
  ])('is held by whoever takes it, so that of two failures at once both count: %s', async (_, arrange) => {
    const account = nobody();
    await arrange(account);
    const fail = async (now: Date): Promise<void> => {
      const lockout = await lockouts.take(account);
      lockout.fail(STRANGER, 'check', POLICY, now);
      await lockouts.save(lockout);
    };
    const second = await interleaved(context, fail, () => work.run(fail));
    expect(second.status).toBe('fulfilled');
    expect((await found(account))?.failures).toBe(2);
  });

  it('is left as it was by a unit of work that fails', async () => {
    const account = nobody();
    const failing = work.run(async (now) => {
      const lockout = await lockouts.take(account);
      lockout.fail(STRANGER, 'check', POLICY, now);
      await lockouts.save(lockout);
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    expect(await found(account)).toBeNull();
  });

  it('keeps nothing of a user who is gone, however late an attempt comes to its end', async () => {
    const [ann, gone] = [await aUser(), randomUUID()];
    await save(full(ann));
    await save(full(gone));
    expect([(await found(ann))?.failures, await found(gone)]).toEqual([102, null]);
  });

  it('is taken and saved nowhere but in a unit of work', async () => {
    await expect(lockouts.take(randomUUID())).rejects.toThrow('outside UnitOfWork');
    await expect(lockouts.save(Lockout.clean(randomUUID(), at(0)))).rejects.toThrow('outside UnitOfWork');
    await expect(lockouts.removeNobodys(at(0), 1)).rejects.toThrow('outside UnitOfWork');
  });

  describe('removing those of nobody', () => {
    const removed = (since: Date, limit: number): Promise<number> =>
      work.run(() => lockouts.removeNobodys(since, limit));
    const isThere = async (account: string): Promise<boolean> => (await found(account)) !== null;

    it('removes what did not change since, and leaves what did, and what is a user’s', async () => {
      const [old, fresh, user] = [nobody(), nobody(), await aUser()];
      await save(clean(old, at(9)));
      await save(clean(fresh, at(10)));
      await save(full(user));
      expect(await removed(at(10), 100)).toBe(1);
      expect([await isThere(old), await isThere(fresh), await isThere(user)]).toEqual([false, true, true]);
    });

    it('removes no more than it is asked to', async () => {
      for (let number = 0; number < 5; number += 1) await save(clean(nobody(), at(0)));
      expect([await removed(at(1), 3), await removed(at(1), 3), await removed(at(1), 3)]).toEqual([3, 2, 0]);
    });

    it('happens to what did not change for an hour', async () => {
      const [old, fresh] = [nobody(), nobody()];
      const ago = (seconds: number): Date => new Date(context.clock.now().getTime() - seconds * 1000);
      await save(clean(old, ago(3_601)));
      await save(clean(fresh, ago(3_599)));
      expect(await context.app.get(LockoutAdministration).forgetNobodys()).toBe(1);
      expect([await isThere(old), await isThere(fresh)]).toEqual([false, true]);
    });

    // An embedded database has one session: nobody else can hold a row.
    if (database === 'postgres') {
      it('passes over what is being guessed at just now, and waits for nobody', async () => {
        const [held, other] = [nobody(), nobody()];
        await save(clean(held, at(0)));
        await save(clean(other, at(0)));
        const sweep = await interleaved(
          context,
          () => lockouts.take(held),
          () => removed(at(1), 10),
        );
        expect(sweep).toEqual({ status: 'fulfilled', value: 1 });
        expect([await isThere(held), await isThere(other)]).toEqual([true, false]);
      });
    }
  });
});
