import { Overloaded } from '../../../src/kernel/domain-error';
import { Lockouts } from '../../../src/modules/identity/application/lockout/lockouts.port';
import { PasswordAttempts } from '../../../src/modules/identity/application/lockout/password-attempts';
import { deviceSource, networkSource } from '../../../src/modules/identity/domain/lockout/guess-source';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { aDatabase, DATABASES, type TestDatabase } from '../../support/database';
import { eventually, gate } from '../../support/gates';
import { GuessedAccount, networkNo, WRONG } from '../../support/guessed-account';
import { PlainHasher } from '../../support/plain-hasher';
import { recorded } from '../../support/recorded';

const AT_ONCE = 200;
const isWrong = (password: string): boolean => password !== PASSWORD;
/** Everybody may wait: it is the lockout that is looked at. */
const ROOM = { HASHING_QUEUE: '1000' };

/** One process of the service, and what its hasher is asked. */
type Replica = TestContext & { readonly hasher: PlainHasher };

async function aReplica(database?: TestDatabase, variables: Readonly<Record<string, string>> = {}): Promise<Replica> {
  const hasher = new PlainHasher();
  return { ...(await aContext({ hasher, database, variables: { ...ROOM, ...variables } })), hasher };
}

/** Resolves when so many attempts have asked whether they may compare, however they were answered. */
async function untilAsked(replicas: readonly Replica[], count: number): Promise<void> {
  const asked = replicas.map(({ app }) => jest.spyOn(app.get(Lockouts), 'take'));
  await eventually(`${count} attempts have asked`, () => {
    return asked.reduce((sum, { mock }) => sum + mock.calls.length, 0) >= count;
  });
}

const comparedBy = (replicas: readonly Replica[]): number =>
  replicas.reduce((sum, { hasher }) => sum + hasher.compared.length, 0);

describe('passwords that come at once', () => {
  let replica: Replica;
  let hasher: PlainHasher;

  beforeAll(async () => {
    replica = await aReplica();
    hasher = replica.hasher;
  });
  afterAll(() => replica.stop());
  beforeEach(() => {
    hasher.forget();
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const reasonsOf = async ({ userId }: GuessedAccount): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {};
    for (const { user_id, details } of await recorded(replica.source, 'auth.login')) {
      const reason = typeof details.reason === 'string' ? details.reason : 'signed in';
      if (user_id === userId) counts[reason] = (counts[reason] ?? 0) + 1;
    }
    return counts;
  };

  it('are compared five times when all of them are wrong and come from one source', async () => {
    const account = await GuessedAccount.in(replica);
    const mayEnd = gate();
    hasher.holdAt(mayEnd);
    const asked = untilAsked([replica], 8);
    const guesses = Array.from({ length: AT_ONCE }, () => account.letsIn({ password: WRONG }));
    await asked;
    expect(hasher.compared).toHaveLength(5);
    mayEnd.open();
    expect(await Promise.all(guesses)).not.toContain(true);
    expect(hasher.compared).toHaveLength(5);
    const { wrong_password: wrong, locked = 0, ...others } = await reasonsOf(account);
    expect([wrong, others]).toEqual([5, {}]);
    expect(locked).toBeLessThanOrEqual(AT_ONCE - 5);
    expect(await account.state()).toMatchObject({ failures: 5, checks: [] });
  });

  it('keep neither another network nor a known device waiting while they are being compared', async () => {
    const account = await GuessedAccount.in(replica);
    const deviceToken = await account.knownDevice();
    hasher.forget();
    const mayEnd = gate();
    hasher.holdAt(mayEnd, isWrong);
    const asked = untilAsked([replica], 8);
    const guesses = Array.from({ length: AT_ONCE }, () => account.letsIn({ password: WRONG, ...networkNo(1) }));
    await asked;
    expect(await account.isOpenTo(networkNo(2))).toBe(true);
    expect(await account.isOpenTo({ deviceToken, ...networkNo(1) })).toBe(true);
    expect(hasher.compared.filter(isWrong)).toHaveLength(5);
    mayEnd.open();
    expect(await Promise.all(guesses)).not.toContain(true);
    expect(hasher.compared.filter(isWrong)).toHaveLength(5);
  });

  it('are compared 100 times at most when each comes from a network of its own', async () => {
    const account = await GuessedAccount.in(replica);
    const deviceToken = await account.knownDevice();
    hasher.forget();
    const mayEnd = gate();
    hasher.holdAt(mayEnd, isWrong);
    const guesses = Array.from({ length: AT_ONCE }, (_, number) =>
      account.letsIn({ password: WRONG, ...networkNo(number) }),
    );
    await eventually('100 of them are being compared', () => hasher.compared.length >= 100);
    expect(await account.isOpenTo({ deviceToken })).toBe(true);
    mayEnd.open();
    expect(await Promise.all(guesses)).not.toContain(true);
    expect(hasher.compared.filter(isWrong)).toHaveLength(100);
    expect(await account.state()).toMatchObject({ failures: 100, checks: [] });
    expect((await account.state())?.stoppedAt).not.toBeNull();
  });

  it('all sign in when they are right, thirty from one source', async () => {
    const account = await GuessedAccount.in(replica);
    const signIns = await Promise.all(Array.from({ length: 30 }, () => account.isOpenTo()));
    expect(signIns).toEqual(Array(30).fill(true));
    expect(await account.state()).toMatchObject({ failures: 0, sources: {}, checks: [] });
  });

  it('let the right one in that came before the fifth wrong one, which waits for how it ends', async () => {
    const account = await GuessedAccount.in(replica);
    const mayEnd = gate();
    hasher.holdAt(mayEnd, (password) => !isWrong(password));
    const signingIn = account.isOpenTo();
    await eventually('the right one is being compared', () => hasher.compared.length === 1);
    await account.wrong(4);
    const asked = untilAsked([replica], 2);
    const fifth = account.isOpenTo({ password: WRONG });
    await asked;
    expect(hasher.compared).toHaveLength(5);
    mayEnd.open();
    expect([await signingIn, await fifth]).toEqual([true, false]);
    const { sources } = (await account.state())!;
    expect(Object.values(sources).map(({ failures, lockedUntil }) => [failures, lockedUntil])).toEqual([[1, null]]);
  });

  it('do not wait for an attempt that was given up because of overload', async () => {
    const account = await GuessedAccount.in(replica);
    for (let time = 0; time < 6; time += 1) {
      hasher.failOnce(new Overloaded());
      await expect(account.signIn()).rejects.toThrow(Overloaded);
    }
    expect(await account.state()).toMatchObject({ failures: 0, sources: {}, checks: [] });
    expect(await account.isOpenTo()).toBe(true);
  });

  it('wait for a process that is gone for fifteen seconds at most, and other networks not at all', async () => {
    const account = await GuessedAccount.in(replica);
    const { client } = networkNo(1);
    const origin = { account: account.userId, source: networkSource('10.0.1.0/24', 'source'), ipAddress: null };
    for (let time = 0; time < 5; time += 1) await replica.app.get(PasswordAttempts).begin(origin);
    expect(await account.isOpenTo(networkNo(2))).toBe(true);
    hasher.forget();
    replica.clock.advance({ seconds: 14 });
    const asked = untilAsked([replica], 2);
    const signingIn = account.isOpenTo({ client });
    await asked;
    expect(hasher.compared).toEqual([]);
    replica.clock.advance({ seconds: 1 });
    expect(await signingIn).toBe(true);
    expect(await account.state()).toMatchObject({ failures: 0, sources: {}, checks: [] });
  });
});

describe('passwords that come at once to an account that is stopped after six', () => {
  let replica: Replica;

  beforeAll(async () => {
    replica = await aReplica(undefined, { LOCKOUT_STOP: '6' });
  });
  afterAll(() => replica.stop());
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('let the right one in that began before the stop', async () => {
    const { hasher } = replica;
    const account = await GuessedAccount.in(replica);
    const deviceToken = await account.knownDevice();
    hasher.forget();
    const mayEnd = gate();
    hasher.holdAt(mayEnd, (password) => !isWrong(password));
    const signingIn = account.isOpenTo();
    await eventually('the right one is being compared', () => hasher.compared.length === 1);
    await account.wrong(1, networkNo(1));
    await account.wrong(5, { deviceToken });
    expect((await account.state())?.stoppedAt).not.toBeNull();
    mayEnd.open();
    expect(await signingIn).toBe(true);
    expect(await account.state()).toMatchObject({ failures: 0, stoppedAt: null, checks: [] });
  });

  it('keep a known device waiting no moment, were all of the strangers’ processes gone', async () => {
    const account = await GuessedAccount.in(replica);
    const deviceToken = await account.knownDevice();
    const attempts = replica.app.get(PasswordAttempts);
    for (let number = 0; number < 6; number += 1) {
      const source = networkSource(`10.1.${number}.0/24`, 'source');
      await attempts.begin({ account: account.userId, source, ipAddress: null });
    }
    expect(await account.isOpenTo({ deviceToken })).toBe(true);
    const asked = untilAsked([replica], 2);
    const stranger = account.isOpenTo(networkNo(9));
    await asked;
    replica.clock.advance({ seconds: 30 });
    expect(await stranger).toBe(true);
  });

  it('from known devices wait for nobody’s but their own', async () => {
    const account = await GuessedAccount.in(replica);
    const attempts = replica.app.get(PasswordAttempts);
    for (let time = 0; time < 5; time += 1) {
      await attempts.begin({ account: account.userId, source: deviceSource('gone'), ipAddress: null });
    }
    expect(await account.isOpenTo({ deviceToken: await account.knownDevice() })).toBe(true);
  });
});

// The embedded database belongs to one process.
if (DATABASES.includes('postgres')) {
  describe('passwords that come at once to two replicas', () => {
    let database: TestDatabase;
    let replicas: readonly [Replica, Replica];

    beforeAll(async () => {
      database = await aDatabase('postgres');
      replicas = [await aReplica(database), await aReplica(database)];
    });
    afterAll(async () => {
      await Promise.all(replicas.map(({ stop }) => stop()));
      await database.drop();
    });
    beforeEach(() => {
      for (const { hasher } of replicas) hasher.forget();
    });
    afterEach(() => {
      jest.restoreAllMocks();
    });

    /** The same account, asked for at each of them. */
    const anAccount = async (): Promise<readonly [GuessedAccount, GuessedAccount]> => {
      const [here, there] = replicas;
      const account = await GuessedAccount.in(here);
      return [account, new GuessedAccount(there, account.member)];
    };

    it('are compared five times in all when they are wrong and come from one source', async () => {
      const accounts = await anAccount();
      const mayEnd = gate();
      for (const { hasher } of replicas) hasher.holdAt(mayEnd);
      const asked = untilAsked(replicas, 10);
      const guesses = accounts.flatMap((account) =>
        Array.from({ length: AT_ONCE / 2 }, () => account.letsIn({ password: WRONG })),
      );
      await asked;
      expect(comparedBy(replicas)).toBe(5);
      mayEnd.open();
      expect(await Promise.all(guesses)).not.toContain(true);
      expect(comparedBy(replicas)).toBe(5);
      expect(await accounts[0].state()).toMatchObject({ failures: 5, checks: [] });
    });

    it('all sign in when they are right, twenty from one source', async () => {
      const accounts = await anAccount();
      const signIns = await Promise.all(
        accounts.flatMap((account) => Array.from({ length: 10 }, () => account.isOpenTo())),
      );
      expect(signIns).toEqual(Array(20).fill(true));
      expect(await accounts[0].state()).toMatchObject({ failures: 0, sources: {}, checks: [] });
    });

    it('go on as soon as one that another replica compared turned out right', async () => {
      const [here, there] = await anAccount();
      const mayEnd = gate();
      replicas[0].hasher.holdAt(mayEnd);
      const first = Array.from({ length: 5 }, () => here.isOpenTo());
      await eventually('five of them are being compared', () => replicas[0].hasher.compared.length === 5);
      const asked = untilAsked([replicas[1]], 2);
      const next = there.isOpenTo();
      await asked;
      expect(replicas[1].hasher.compared).toEqual([]);
      mayEnd.open();
      expect(await Promise.all([...first, next])).toEqual(Array(6).fill(true));
    });
  });
}
