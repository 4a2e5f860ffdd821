import { randomBytes, randomUUID } from 'node:crypto';
import { Challenges } from '../../src/modules/signin/application/challenges/challenges.port';
import { RemoveEndedChallenges } from '../../src/modules/signin/application/challenges/remove-ended-challenges';
import type { Challenge, ChallengeState } from '../../src/modules/signin/domain/challenge';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { aChallenge } from '../support/a-challenge';
import { aContext, type TestContext } from '../support/context';
import { DATABASES } from '../support/database';
import { interleaved } from '../support/gates';
import { type Member, Stored } from '../support/stored';

describe.each(DATABASES)('every store of challenges (%s)', (database) => {
  let context: TestContext;
  let challenges: Challenges;
  let work: UnitOfWork;
  let stored: Stored;

  beforeAll(async () => {
    context = await aContext({ database });
    [challenges, work] = [context.app.get(Challenges), context.app.get(UnitOfWork)];
    stored = new Stored(context);
  });
  afterAll(() => context.stop());
  // Of the other tests nothing is there to be cleaned up.
  beforeEach(() => context.source.query('DELETE FROM challenges'));

  const put = async (holder: Member, overrides: Partial<ChallengeState> = {}): Promise<ChallengeState> => {
    const challenge = aChallenge(holder, overrides);
    await work.run(() => challenges.add(challenge));
    return challenge.snapshot();
  };
  const take = (id: string): Promise<Challenge | null> => work.run(() => challenges.take(id));
  const kept = async (): Promise<string[]> =>
    (await context.source.query<{ id: string }[]>('SELECT id FROM challenges')).map(({ id }) => id);

  it('gives a challenge back as it was stored, by its token and held by its id', async () => {
    const state = await put(await stored.newMember(), {
      rememberDevice: true,
      byUsername: true,
      deviceId: '00112233445566778899aabbccddeeff',
      authenticationMethods: ['pwd', 'x'],
      riskScore: 63,
      riskSignals: ['new_device', 'reputation'],
      wrongCodes: 2,
    });
    for (const found of [await challenges.find(state.tokenHash), await take(state.id)]) {
      const { tokenHash, ...rest } = found!.snapshot();
      expect({ ...rest, tokenHash: Buffer.from(tokenHash) }).toEqual({
        ...state,
        tokenHash: Buffer.from(state.tokenHash),
      });
    }
  });

  it('finds none by another token, and takes none by another id', async () => {
    await put(await stored.newMember());
    expect([await challenges.find(randomBytes(32)), await take(randomUUID())]).toEqual([null, null]);
  });

  it('keeps how many codes were wrong, and nothing of another one', async () => {
    const holder = await stored.newMember();
    const [state, other] = [await put(holder), await put(holder)];
    await work.run(async () => {
      const challenge = (await challenges.take(state.id))!;
      challenge.fail();
      await challenges.save(challenge);
    });
    expect((await take(state.id))?.snapshot().wrongCodes).toBe(1);
    expect((await take(other.id))?.snapshot().wrongCodes).toBe(0);
  });

  it('has no challenge any more that was removed, and all others', async () => {
    const holder = await stored.newMember();
    const [state, other] = [await put(holder), await put(holder)];
    await work.run(() => challenges.remove(state.id));
    expect(await kept()).toEqual([other.id]);
  });

  it('has no challenge any more that leads to a tenant whose challenges were removed, and all to another', async () => {
    const holder = await stored.newMember();
    await put(holder);
    const there = await put({ userId: holder.userId, tenantId: (await stored.tenant()).id });
    await work.run(() => challenges.removeAllIn(holder.tenantId));
    expect(await kept()).toEqual([there.id]);
  });

  it('holds a taken challenge, so that no wrong code of two at once is lost', async () => {
    const { id } = await put(await stored.newMember());
    const fail = async (): Promise<void> => {
      const challenge = (await challenges.take(id))!;
      challenge.fail();
      await challenges.save(challenge);
    };
    await interleaved(context, fail, () => work.run(fail));
    expect((await take(id))?.snapshot().wrongCodes).toBe(2);
  });

  it('lets nobody take a challenge that another has just passed', async () => {
    const { id } = await put(await stored.newMember());
    const pass = async (): Promise<void> => {
      await challenges.take(id);
      await challenges.remove(id);
    };
    const settled = await interleaved(context, pass, () => take(id));
    expect(settled).toEqual({ status: 'fulfilled', value: null });
  });

  it.each(['users', 'tenants'])('has none any more of %s that are no more', async (table) => {
    const [holder, other] = [await stored.newMember(), await stored.newMember()];
    const [, left] = [await put(holder), await put(other)];
    const id = table === 'users' ? holder.userId : holder.tenantId;
    await context.source.query('DELETE FROM memberships WHERE user_id = $1', [holder.userId]);
    await context.source.query(`DELETE FROM ${table} WHERE id = $1`, [id]);
    expect(await kept()).toEqual([left.id]);
  });

  it('is cleaned of those whose time is over, the oldest first and no more than asked for, waiting for nobody', async () => {
    const holder = await stored.newMember();
    const at = (seconds: number): Date => new Date(context.clock.now().getTime() + seconds * 1000);
    const ending = (seconds: number): Promise<ChallengeState> =>
      put(holder, { createdAt: at(seconds - 300), expiresAt: at(seconds) });
    const [older, newer, open] = [await ending(-2), await ending(0), await ending(1)];
    await work.run(() => challenges.removeEnded(context.clock.now(), 1));
    expect((await kept()).sort()).toEqual([newer.id, open.id].sort());
    expect(older.id).not.toBe(newer.id);

    const remover = context.app.get(RemoveEndedChallenges);
    if (database === 'postgres') {
      const settled = await interleaved(
        context,
        () => challenges.take(newer.id),
        () => remover.execute(),
      );
      expect(settled).toEqual({ status: 'fulfilled', value: 0 });
    }
    expect(await remover.execute()).toBe(1);
    expect(await kept()).toEqual([open.id]);
  });
});
