import { randomBytes, randomUUID } from 'node:crypto';
import { type UserId, userId } from '../../src/kernel/ids';
import { Factors } from '../../src/modules/mfa/application/factors.port';
import { FactorQueries } from '../../src/modules/mfa/application/standing/factor-queries';
import { Factor, type FactorState } from '../../src/modules/mfa/domain/factor';
import type { FactorGuesses } from '../../src/modules/mfa/domain/factor-guesses';
import type { FactorType } from '../../src/modules/mfa/domain/method';
import { SealBroken } from '../../src/platform/crypto/secret-box';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { interleaved } from '../support/gates';
import { Stored } from '../support/stored';

const NOW = Date.UTC(2026, 0, 1);
const at = (seconds: number): Date => new Date(NOW + seconds * 1000);
/** The same whatever kind of bytes a store gives back. */
const plain = (factor: Factor | null | undefined): unknown => {
  if (!factor) return null;
  const { secret, ...rest } = factor.snapshot();
  return { ...rest, secret: secret && Buffer.from(secret).toString('hex') };
};

describe.each(DATABASES)('every store of second factors (%s)', (database) => {
  let context: TestContext;
  let factors: Factors;
  let work: UnitOfWork;
  let ann: UserId;
  let bob: UserId;

  beforeAll(async () => {
    context = await aContext({ database });
    [factors, work] = [context.app.get(Factors), context.app.get(UnitOfWork)];
    const stored = new Stored(context);
    [ann, bob] = [(await stored.user()).snapshot().id, (await stored.user()).snapshot().id];
  });
  afterAll(() => context.stop());
  beforeEach(async () => {
    await context.source.query('DELETE FROM factors');
    await context.source.query('DELETE FROM factor_guesses');
  });

  const aFactor = (change: Partial<FactorState> = {}): Factor =>
    Factor.restore({
      id: randomUUID(),
      userId: ann,
      type: 'totp',
      label: 'Authenticator app',
      secret: change.type === 'email' ? null : new Uint8Array(randomBytes(20)),
      lastStep: null,
      createdAt: at(0),
      confirmedAt: null,
      lastUsedAt: null,
      heldUntil: null,
      ...change,
    });
  const begun = async (change: Partial<FactorState> = {}): Promise<Factor> => {
    const factor = aFactor(change);
    await work.run(() => factors.begin(factor));
    return factor;
  };
  const confirm = async (factor: Factor, seconds = 10): Promise<boolean> => {
    factor.confirm(at(seconds));
    return work.run(() => factors.confirm(factor));
  };
  const confirmed = async (change: Partial<FactorState> = {}): Promise<Factor> => {
    const factor = await begun(change);
    await confirm(factor);
    return factor;
  };
  const beingSetUp = (user: UserId, type: FactorType, seconds = 1): Promise<Factor | null> =>
    work.run(() => factors.beingSetUp(user, type, at(seconds)));
  const kept = async (user: UserId): Promise<unknown[]> => (await factors.allOf(user)).map(plain);

  it.each(['totp', 'sms', 'email'] as const)('gives back what was begun and confirmed: %s', async (type) => {
    const factor = await begun({ type });
    expect(plain(await beingSetUp(ann, type))).toEqual(plain(factor));
    expect(await factors.confirmedOf(ann)).toEqual([]);
    expect(await confirm(factor)).toBe(false);
    expect((await factors.confirmedOf(ann)).map(plain)).toEqual([plain(factor)]);
    expect(await beingSetUp(ann, type)).toBeNull();
  });

  it('keeps no secret that can be read', async () => {
    const { secret } = (await confirmed()).snapshot();
    const [row] = await context.source.query<{ secret: Buffer }[]>('SELECT secret FROM factors');
    expect(row!.secret.includes(Buffer.from(secret!))).toBe(false);
    expect(row!.secret.length).toBeGreaterThan(20);
  });

  describe('a factor being set up', () => {
    it('takes the place of the one of its kind that never was confirmed, and of no other', async () => {
      const others = [await begun({ type: 'sms' }), await begun({ userId: bob }), await confirmed()];
      await begun();
      const newest = await begun();
      expect(plain(await beingSetUp(ann, 'totp'))).toEqual(plain(newest));
      expect(await kept(ann)).toEqual(expect.arrayContaining([plain(others[0]), plain(others[2]), plain(newest)]));
      expect(await kept(ann)).toHaveLength(3);
      expect(plain(await beingSetUp(bob, 'totp'))).toEqual(plain(others[1]));
    });

    it('is nobody else’s', async () => {
      await begun({ userId: bob });
      expect(await beingSetUp(ann, 'totp')).toBeNull();
    });

    it.each([
      [3599, true],
      [3600, false],
    ])('is one for an hour: after %i seconds', async (seconds, isOne) => {
      await begun();
      expect((await beingSetUp(ann, 'totp', seconds)) !== null).toBe(isOne);
    });

    it('takes the place of the confirmed one of its kind when it is confirmed, and of no other', async () => {
      const [sms, others] = [await confirmed({ type: 'sms' }), await confirmed({ userId: bob })];
      await confirmed();
      const next = await begun();
      expect(await confirm(next)).toBe(true);
      expect((await factors.confirmedOf(ann)).map(plain)).toEqual([plain(next), plain(sms)]);
      expect((await factors.confirmedOf(bob)).map(plain)).toEqual([plain(others)]);
    });
  });

  it('lists the confirmed ones of a user in order, and nothing secret', async () => {
    const email = await confirmed({ type: 'email', label: 'a•••@example.com' });
    const totp = await confirmed();
    await begun({ type: 'sms' });
    await confirmed({ userId: bob });
    expect(await factors.typesOf(ann)).toEqual(['totp', 'email']);
    expect((await factors.confirmedOf(ann)).map(plain)).toEqual([totp, email].map(plain));
    const views = [totp, email].map((factor) => {
      const { id, type, label, confirmedAt, lastUsedAt, heldUntil } = factor.snapshot();
      return { id, type, label, confirmedAt, lastUsedAt, heldUntil };
    });
    expect(await context.app.get(FactorQueries).listOf(ann)).toEqual(views);
  });

  it('knows the one of a kind that is confirmed, and of nobody else', async () => {
    const totp = await confirmed();
    await begun();
    await begun({ type: 'sms' });
    await confirmed({ userId: bob, type: 'sms' });
    expect(plain(await factors.confirmedOne(ann, 'totp'))).toEqual(plain(totp));
    expect(await factors.confirmedOne(ann, 'sms')).toBeNull();
  });

  it('knows the numbers of confirmed telephones that open, and of no other', async () => {
    const [mine, others, pending] = ['+4917000001', '+4917000002', '+4917000003'].map((number) => Buffer.from(number));
    await confirmed({ type: 'sms', secret: mine! });
    await confirmed();
    await begun({ type: 'sms', secret: pending! });
    await confirmed({ userId: bob, type: 'sms', secret: others! });
    expect([await factors.numbersOf(ann), await factors.numbersOf(bob)]).toEqual([['+4917000001'], ['+4917000002']]);
    await context.source.query('UPDATE factors SET secret = substring(secret FROM 2)');
    expect(await factors.numbersOf(ann)).toEqual([]);
  });

  it('keeps what happened to a factor, and nothing of another', async () => {
    const [mine, others] = [await confirmed(), await confirmed({ userId: bob })];
    mine.used(at(20));
    mine.hold(at(30));
    await work.run(() => factors.save(mine));
    expect(await kept(ann)).toEqual([plain(mine)]);
    expect(await kept(bob)).toEqual([plain(others)]);
  });

  describe('a time step', () => {
    const spend = (factor: Factor, step: number): Promise<boolean> => work.run(() => factors.spend(factor, step));

    it('is spent once, and none after a later one', async () => {
      const factor = await confirmed();
      const spent = [];
      for (const step of [100, 100, 99, 101, 100]) spent.push(await spend(factor, step));
      expect(spent).toEqual([true, false, false, true, false]);
    });

    it('is spent by one of two at once', async () => {
      const factor = await confirmed();
      const second = await interleaved(
        context,
        () => factors.spend(factor, 100),
        () => spend(factor, 100),
      );
      expect(second).toEqual({ status: 'fulfilled', value: false });
    });

    it('is spent of one factor, and of no other', async () => {
      const others = await confirmed({ userId: bob });
      await spend(await confirmed(), 100);
      expect(await spend(others, 100)).toBe(true);
    });

    it('is further than 32 bits can count', async () => {
      const factor = await confirmed();
      expect([await spend(factor, 2 ** 40), await spend(factor, 2 ** 40)]).toEqual([true, false]);
      expect((await factors.confirmedOf(ann))[0]?.snapshot().lastStep).toBe(2 ** 40);
    });
  });

  describe('a secret that is not where it was sealed', () => {
    const swap = (which: string): Promise<unknown> =>
      context.source.query(`UPDATE factors f SET secret = o.secret FROM factors o WHERE f.id <> o.id AND ${which}`);

    it('opens for nobody: that of another user', async () => {
      await confirmed();
      await confirmed({ userId: bob });
      await swap('f.user_id <> o.user_id');
      await expect(factors.confirmedOf(ann)).rejects.toThrow(SealBroken);
      await expect(factors.confirmedOf(bob)).rejects.toThrow(SealBroken);
      expect(await factors.typesOf(ann)).toEqual(['totp']);
    });

    it('keeps nobody from the others, nor from seeing that it is there', async () => {
      const [email, sms] = [await confirmed({ type: 'email' }), await confirmed({ type: 'sms' })];
      const totp = await confirmed();
      await context.source.query(`UPDATE factors SET secret = substring(secret FROM 2) WHERE type = 'totp'`);
      await expect(factors.confirmedOne(ann, 'totp')).rejects.toThrow(SealBroken);
      expect(plain(await factors.confirmedOne(ann, 'sms'))).toEqual(plain(sms));
      expect(plain(await factors.confirmedOne(ann, 'email'))).toEqual(plain(email));
      const closed = { ...totp.snapshot(), secret: null };
      expect(await kept(ann)).toEqual(expect.arrayContaining([closed, plain(sms), plain(email)]));
    });

    it('opens for nobody: that of another factor of the same user', async () => {
      await confirmed();
      await begun();
      await swap('f.confirmed_at IS NULL');
      await expect(beingSetUp(ann, 'totp')).rejects.toThrow(SealBroken);
    });
  });

  describe('taking factors away', () => {
    const remove = (user: UserId, type: FactorType): Promise<boolean> => work.run(() => factors.remove(user, type));

    it('takes the one of a kind, and the one being set up', async () => {
      const others = [await confirmed({ type: 'sms' }), await confirmed({ userId: bob })];
      await confirmed();
      await begun();
      expect([await remove(ann, 'totp'), await remove(ann, 'totp')]).toEqual([true, false]);
      expect(await kept(ann)).toEqual([plain(others[0])]);
      expect(await kept(bob)).toEqual([plain(others[1])]);
    });

    it('says that there was none where none was confirmed', async () => {
      await begun();
      expect(await remove(ann, 'totp')).toBe(false);
      expect(await kept(ann)).toEqual([]);
    });

    it('takes all of a user and the wrong codes, and nothing of another', async () => {
      const others = await confirmed({ userId: bob });
      await confirmed({ type: 'sms' });
      await confirmed();
      await begun({ type: 'email' });
      await guess(ann);
      await guess(bob);
      expect(await work.run(() => factors.removeAll(ann))).toEqual(['totp', 'sms']);
      expect(await kept(ann)).toEqual([]);
      expect((await factors.guessesOf(ann)).snapshot().recent).toEqual([]);
      expect(await kept(bob)).toEqual([plain(others)]);
      expect((await factors.guessesOf(bob)).snapshot().recent).toHaveLength(1);
    });
  });

  const guess = (user: UserId, seconds = 0): Promise<void> =>
    work.run(async () => {
      const guesses = await factors.take(user);
      guesses.wrong('totp', at(seconds));
      await factors.saveGuesses(guesses);
    });

  describe('wrong codes', () => {
    it('are none where nobody guessed', async () => {
      const none = { userId: ann, recent: [], failures: {}, stopped: {} };
      expect((await factors.guessesOf(ann)).snapshot()).toEqual(none);
      expect((await work.run(() => factors.take(ann))).snapshot()).toEqual(none);
    });

    it('are kept to the millisecond, by user', async () => {
      const state = {
        recent: [
          { method: 'sms', at: at(1.001) },
          { method: 'totp', at: at(2.345) },
        ],
        failures: { sms: 1, totp: 100 },
        stopped: { totp: at(2.345) },
      } as const;
      await work.run(async () => {
        const guesses = await factors.take(ann);
        Object.assign(guesses.snapshot(), state);
        await factors.saveGuesses(guesses);
      });
      expect((await factors.guessesOf(ann)).snapshot()).toEqual({ userId: ann, ...state });
      expect((await factors.guessesOf(bob)).snapshot().recent).toEqual([]);
    });

    it('each count when two come at once', async () => {
      const miss = async (): Promise<void> => {
        const guesses: FactorGuesses = await factors.take(ann);
        guesses.wrong('totp', at(1));
        await factors.saveGuesses(guesses);
      };
      const second = await interleaved(context, miss, () => work.run(miss));
      expect(second.status).toBe('fulfilled');
      expect((await factors.guessesOf(ann)).snapshot()).toMatchObject({ failures: { totp: 2 } });
    });
  });

  describe('forgetting what was never confirmed', () => {
    const removeAbandoned = (seconds: number, limit = 100): Promise<number> =>
      work.run(() => factors.removeAbandoned(at(seconds), limit));

    it('leaves what was begun since, and what was confirmed', async () => {
      const [other, fresh] = [await confirmed({ createdAt: at(0) }), await begun({ createdAt: at(10) })];
      await begun({ type: 'sms', createdAt: at(9) });
      expect(await removeAbandoned(10)).toBe(1);
      expect(await kept(ann)).toEqual([other, fresh].map(plain));
    });

    it('forgets no more than it is asked to', async () => {
      for (const type of ['totp', 'sms', 'email'] as const) await begun({ type });
      expect([await removeAbandoned(10, 2), await removeAbandoned(10, 2)]).toEqual([2, 1]);
    });

    // An embedded database has one session: nobody else can hold a row.
    if (database === 'postgres') {
      it('passes over what is being confirmed just now, and waits for nobody', async () => {
        await begun();
        const sweep = await interleaved(
          context,
          () => factors.beingSetUp(ann, 'totp', at(1)),
          () => removeAbandoned(10),
        );
        expect(sweep).toEqual({ status: 'fulfilled', value: 0 });
      });
    }
  });

  it('goes with the account', async () => {
    const { id } = (await new Stored(context).user()).snapshot();
    await confirmed({ userId: id });
    await guess(id);
    await context.source.query('DELETE FROM users WHERE id = $1', [id]);
    expect(await kept(id)).toEqual([]);
    expect((await factors.guessesOf(id)).snapshot().recent).toEqual([]);
  });

  it('is written and held nowhere but in a unit of work', async () => {
    const factor = aFactor();
    const guesses = await factors.guessesOf(ann);
    const attempts = [
      () => factors.take(ann),
      () => factors.saveGuesses(guesses),
      () => factors.begin(factor),
      () => factors.beingSetUp(ann, 'totp', at(0)),
      () => factors.confirm(factor),
      () => factors.spend(factor, 1),
      () => factors.save(factor),
      () => factors.remove(ann, 'totp'),
      () => factors.removeAll(ann),
      () => factors.removeAbandoned(at(0), 1),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow('outside UnitOfWork');
    await expect(work.run(() => factors.take(userId(randomUUID())))).rejects.toThrow('factor_guesses_user');
  });
});
