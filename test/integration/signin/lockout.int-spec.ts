import type { Principal } from '../../../src/kernel/principal';
import { ChangePassword } from '../../../src/modules/identity/application/passwords/change-password';
import { StandIns } from '../../../src/modules/identity/application/lockout/stand-ins.port';
import { InvalidCredentials } from '../../../src/modules/identity/domain/errors';
import type { LockoutState } from '../../../src/modules/identity/domain/lockout/lockout';
import { LockoutFacade } from '../../../src/modules/identity/lockout.facade';
import { SignIn, type SignInInput } from '../../../src/modules/signin/application/sign-in';
import { StepUp } from '../../../src/modules/signin/application/step-up/step-up';
import { AuthenticateAccessToken } from '../../../src/modules/tokens/application/authenticate-access-token';
import { aClient } from '../../support/a-device';
import { aSignIn, letIn } from '../../support/a-sign-in';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { GuessedAccount, networkNo, WRONG } from '../../support/guessed-account';
import { mailsOf } from '../../support/mails-of';
import { PlainHasher } from '../../support/plain-hasher';
import { counted } from '../../support/recorded';
import { sabotage } from '../../support/sabotage';
import { Stored } from '../../support/stored';

const NEXT = 'a wholly new phrase to remember';
const HOME = { client: aClient({ ipAddress: '203.0.113.7' }) };
const CAFE = { client: aClient({ ipAddress: '198.51.100.9' }) };
const DAY = 86_400;

type Event = {
  readonly action: string;
  readonly outcome: string;
  readonly actor: string;
  readonly tenant_id: string | null;
  readonly target_type: string | null;
  readonly target_id: string | null;
  readonly risk_score: number;
  readonly details: Readonly<Record<string, unknown>>;
};

const hasher = new PlainHasher();

async function eventsOf({ source }: TestContext, user: string | null, action: string): Promise<Event[]> {
  return source.query<Event[]>(
    `SELECT action, outcome, actor, tenant_id, target_type, target_id, risk_score, details FROM audit_events
     WHERE user_id IS NOT DISTINCT FROM $1 AND action = $2 ORDER BY sequence`,
    [user, action],
  );
}
const reasonsOf = async (context: TestContext, { userId }: GuessedAccount): Promise<unknown[]> =>
  (await eventsOf(context, userId, 'auth.login')).map(({ details }) => details.reason ?? 'signed in');
const failuresBySource = (state: LockoutState | undefined): Record<string, number> =>
  Object.fromEntries(Object.entries(state?.sources ?? {}).map(([key, { failures }]) => [key, failures]));

describe('wrong passwords', () => {
  let context: TestContext;

  beforeAll(async () => {
    context = await aContext({ hasher, variables: { EMAIL_VERIFICATION: 'required' } });
  });
  afterAll(() => context.stop());
  beforeEach(() => {
    hasher.forget();
  });

  const anAccount = (): Promise<GuessedAccount> => GuessedAccount.in(context);
  const later = (seconds: number): void => {
    context.clock.advance({ seconds });
  };

  describe('from one network', () => {
    it('keep it out for a minute after the fifth, the right one too, and nobody else', async () => {
      const account = await anAccount();
      await account.wrong(5, HOME);
      expect(await account.isOpenTo(HOME)).toBe(false);
      expect(await account.isOpenTo(CAFE)).toBe(true);
      later(59.999);
      expect(await account.isOpenTo(HOME)).toBe(false);
      later(0.001);
      expect(await account.isOpenTo(HOME)).toBe(true);
    });

    it('keep all of its addresses out: whoever has one of them has them all', async () => {
      const account = await anAccount();
      await account.wrong(5, { client: aClient({ ipAddress: '2001:db8:1:2::1' }) });
      expect(await account.isOpenTo({ client: aClient({ ipAddress: '2001:db8:1:2:ffff::9' }) })).toBe(false);
      expect(await account.isOpenTo({ client: aClient({ ipAddress: '2001:db8:1:3::1' }) })).toBe(true);
    });

    it('are neither compared nor counted while it has to wait, and do not make it wait longer', async () => {
      const account = await anAccount();
      await account.wrong(5, HOME);
      hasher.forget();
      const before = await account.state();
      later(30);
      await account.wrong(3, HOME);
      expect(hasher.compared).toEqual([]);
      expect(hasher.comparedWithNothing).toBe(3);
      expect(await account.state()).toMatchObject({ failures: before!.failures, sources: before!.sources });
      later(30);
      expect(await account.isOpenTo(HOME)).toBe(true);
    });

    it('make it wait twice as long after each further one', async () => {
      const account = await anAccount();
      await account.wrong(5, HOME);
      for (const seconds of [60, 120, 240]) {
        later(seconds - 1);
        expect(await account.isOpenTo(HOME)).toBe(false);
        later(1);
        await account.wrong(1, HOME);
      }
      later(480);
      expect(await account.isOpenTo(HOME)).toBe(true);
    });

    it('are forgiven by the right one, so that four of them keep nobody out again and again', async () => {
      const account = await anAccount();
      for (let round = 0; round < 3; round += 1) {
        await account.wrong(4, HOME);
        expect(await account.isOpenTo(HOME)).toBe(true);
      }
      expect(await account.state()).toMatchObject({ failures: 0, sources: {}, checks: [] });
    });

    it('keep no known device out, not even in that network', async () => {
      const account = await anAccount();
      const deviceToken = await account.knownDevice();
      await account.wrong(5, HOME);
      expect(await account.isOpenTo({ ...HOME, deviceToken })).toBe(true);
      expect(await account.isOpenTo(HOME)).toBe(false);
    });
  });

  describe('of a known device', () => {
    it('keep that device out, with the right one too, wherever it is, and nobody else', async () => {
      const account = await anAccount();
      const [deviceToken, other] = [await account.knownDevice(), await account.knownDevice()];
      await account.wrong(5, { ...HOME, deviceToken });
      expect(await account.isOpenTo({ ...CAFE, deviceToken })).toBe(false);
      expect(await account.isOpenTo({ ...HOME, deviceToken: other })).toBe(true);
      expect(await account.isOpenTo(HOME)).toBe(true);
      later(60);
      expect(await account.isOpenTo({ ...HOME, deviceToken })).toBe(true);
    });

    it('are those of a stranger when the device is known to another account alone', async () => {
      const [account, other] = [await anAccount(), await anAccount()];
      const deviceToken = await other.knownDevice();
      await account.wrong(5, { ...HOME, deviceToken });
      expect(failuresBySource(await account.state())).toEqual({ 'network:203.0.113.0/24': 5 });
      expect(await account.isOpenTo({ ...HOME, deviceToken })).toBe(false);
    });
  });

  describe('from everywhere', () => {
    it('end sign-in by password after a hundred in a row, for all but known devices, until somebody unlocks', async () => {
      const account = await anAccount();
      const deviceToken = await account.knownDevice();
      await account.wrongFromNetworks(99);
      expect((await account.state())?.stoppedAt).toBeNull();
      await account.wrongFromNetworks(1, 99);
      expect(await account.state()).toMatchObject({ failures: 100, stoppedAt: context.clock.now() });

      hasher.forget();
      expect(await account.isOpenTo(CAFE)).toBe(false);
      later(30 * DAY);
      expect(await account.isOpenTo(CAFE)).toBe(false);
      expect(hasher.compared).toEqual([]);
      expect(await account.isOpenTo({ ...CAFE, deviceToken })).toBe(true);
      expect(await account.isOpenTo(CAFE)).toBe(false);

      await context.app.get(LockoutFacade).unlock(account.userId, null);
      expect(await account.isOpenTo(CAFE)).toBe(true);
    });

    it('are counted from the last time somebody signed in', async () => {
      const account = await anAccount();
      await account.wrongFromNetworks(60);
      expect(await account.isOpenTo(CAFE)).toBe(true);
      await account.wrongFromNetworks(60, 60);
      expect(await account.isOpenTo(CAFE)).toBe(true);
    });

    it('are counted on when it is a known device that signs in: its owner gives no guesses away', async () => {
      const account = await anAccount();
      const deviceToken = await account.knownDevice();
      await account.wrongFromNetworks(99);
      expect(await account.isOpenTo({ deviceToken })).toBe(true);
      await account.wrongFromNetworks(1, 99);
      expect(await account.isOpenTo(CAFE)).toBe(false);
    });
  });

  describe('of a session', () => {
    type SignedIn = { readonly account: GuessedAccount; readonly here: Principal; readonly there: Principal };
    const aSession = async (account: GuessedAccount): Promise<Principal> => {
      const { tokens } = letIn(await account.signIn(CAFE));
      const access = context.app.get(AuthenticateAccessToken);
      return (await access.execute(await access.verify(tokens.accessToken)))!;
    };
    const aSignedInUser = async (): Promise<SignedIn> => {
      const account = await anAccount();
      return { account, here: await aSession(account), there: await aSession(account) };
    };

    const isProvenBy = async (by: Principal, password: string): Promise<boolean> =>
      succeeds(context.app.get(StepUp).execute(by, { kind: 'password', password }));
    const isChangedBy = async (by: Principal, current: string): Promise<boolean> =>
      succeeds(context.app.get(ChangePassword).execute(by, current, NEXT));
    const succeeds = async (attempt: Promise<unknown>): Promise<boolean> =>
      attempt.then(
        () => true,
        (error: unknown) => {
          if (error instanceof InvalidCredentials) return false;
          throw error;
        },
      );
    const WAYS = [
      ['at step-up', 'auth.step_up', isProvenBy],
      ['when the password is to be changed', 'password.changed', isChangedBy],
    ] as const;

    it.each(WAYS)('keep that session out %s after the fifth, for a minute, the right one too', async (_, type, way) => {
      const { account, here } = await aSignedInUser();
      for (let time = 0; time < 5; time += 1) expect(await way(here, WRONG)).toBe(false);
      hasher.forget();
      expect(await way(here, PASSWORD)).toBe(false);
      expect(hasher.compared).toEqual([]);
      expect(failuresBySource(await account.state())).toEqual({ [`session:${here.sessionId}`]: 5 });
      const reasons = (await eventsOf(context, account.userId, type)).map(({ details }) => details.reason);
      expect(reasons).toEqual([...Array<string>(5).fill('wrong_password'), 'locked']);
      later(60);
      expect(await way(here, PASSWORD)).toBe(true);
    });

    it('keep no other session out, and nobody who signs in', async () => {
      const { account, here, there } = await aSignedInUser();
      for (let time = 0; time < 5; time += 1) expect(await isProvenBy(here, WRONG)).toBe(false);
      expect(await isProvenBy(there, PASSWORD)).toBe(true);
      expect(await account.isOpenTo(CAFE)).toBe(true);
      expect(await isProvenBy(here, PASSWORD)).toBe(false);
    });

    it('count among those from everywhere, and are no further hundred', async () => {
      const { account, here } = await aSignedInUser();
      await account.wrongFromNetworks(96);
      for (let time = 0; time < 4; time += 1) expect(await isProvenBy(here, WRONG)).toBe(false);
      expect(await account.isOpenTo(CAFE)).toBe(false);
    });

    it('are proven by a session however many strangers type wrong ones', async () => {
      const { account, here } = await aSignedInUser();
      await account.wrongFromNetworks(100);
      expect(await isProvenBy(here, PASSWORD)).toBe(true);
      expect(await account.isOpenTo(CAFE)).toBe(false);
    });

    it('are forgiven, from wherever they came, once the password is another one', async () => {
      const { account, here, there } = await aSignedInUser();
      for (let time = 0; time < 5; time += 1) expect(await isProvenBy(here, WRONG)).toBe(false);
      await account.wrongFromNetworks(95);
      expect(await account.isOpenTo(CAFE)).toBe(false);
      expect(await isChangedBy(there, PASSWORD)).toBe(true);
      expect(await account.state()).toMatchObject({ failures: 0, stoppedAt: null, sources: {}, checks: [] });
      expect(await account.isOpenTo({ ...CAFE, password: NEXT })).toBe(true);
      expect(await eventsOf(context, account.userId, 'user.unlocked')).toMatchObject([
        { outcome: 'success', details: { was_locked: true } },
      ]);
    });

    it('are not spoken of when a password is changed that nobody guessed at', async () => {
      const { account, here } = await aSignedInUser();
      expect(await isChangedBy(here, PASSWORD)).toBe(true);
      expect(await eventsOf(context, account.userId, 'user.unlocked')).toEqual([]);
    });
  });

  describe('and the right one of an account that opens to nobody', () => {
    it.each<[string, string, Partial<SignInInput>]>([
      ['is disabled', "UPDATE users SET status = 'disabled' WHERE id = $1", {}],
      ['is not verified', 'UPDATE users SET email_verified_at = NULL WHERE id = $1', {}],
      [
        'is of a suspended tenant',
        `UPDATE tenants SET status = 'suspended'
         WHERE id = (SELECT tenant_id FROM memberships WHERE user_id = $1)`,
        {},
      ],
      ['is no member of the tenant asked for', 'SELECT $1::uuid', { tenant: 'no-such-tenant' }],
    ])('that %s: it neither counts nor forgives', async (_, sql, more) => {
      const account = await anAccount();
      await account.wrong(4, { ...HOME, ...more });
      await context.source.query(sql, [account.userId]);
      for (let time = 0; time < 6; time += 1) expect(await account.isOpenTo({ ...HOME, ...more })).toBe(false);
      expect(await account.state()).toMatchObject({ failures: 4, checks: [] });
      expect(failuresBySource(await account.state())).toEqual({ 'network:203.0.113.0/24': 4 });
      await account.wrong(1, HOME);
      expect((await eventsOf(context, account.userId, 'user.locked')).map(({ details }) => details.failures)).toEqual([
        5,
      ]);
    });
  });

  describe('behind a field that people do not see', () => {
    it('count nothing, are compared with nothing and leave nothing of a lockout', async () => {
      const account = await anAccount();
      const before = await counted(context.source, 'lockouts');
      for (let time = 0; time < 6; time += 1) {
        expect(await account.isOpenTo({ password: WRONG, honeypot: true })).toBe(false);
      }
      expect(await account.isOpenTo({ login: 'nobody@example.com', honeypot: true })).toBe(false);
      expect(hasher.compared).toEqual([]);
      expect(hasher.comparedWithNothing).toBe(7);
      expect(await counted(context.source, 'lockouts')).toEqual(before);
      expect(await account.isOpenTo()).toBe(true);
    });
  });

  describe('on record', () => {
    it('are refused for their true reason, with the risk of each', async () => {
      const account = await anAccount();
      await account.wrong(6, HOME);
      expect(await reasonsOf(context, account)).toEqual([...Array<string>(5).fill('wrong_password'), 'locked']);
      await account.wrongFromNetworks(95);
      expect(await account.isOpenTo(CAFE)).toBe(false);
      expect((await reasonsOf(context, account)).at(-1)).toBe('stopped');
      const scores = (await eventsOf(context, account.userId, 'auth.login')).map(({ risk_score }) => risk_score);
      expect(scores[0]).toBe(0);
      expect(scores[1]).toBeGreaterThan(0);
      expect(scores.at(-1)).toBeGreaterThanOrEqual(scores[1]!);
      expect(scores.slice(0, 6)).toEqual([...scores.slice(0, 6)].sort((a, b) => a - b));
    });

    it('say whom they keep out, from what on and until when', async () => {
      const account = await anAccount();
      await account.wrong(5, HOME);
      const until = new Date(context.clock.now().getTime() + 60_000).toISOString();
      const about = { outcome: 'success', tenant_id: null, target_type: 'user', target_id: account.userId };
      const locked = { scope: 'source', source: 'network', until, failures: 5 };
      expect(await eventsOf(context, account.userId, 'user.locked')).toMatchObject([{ ...about, details: locked }]);

      await account.wrongFromNetworks(95);
      const stopped = { scope: 'account', until: 'recovery', failures: 100 };
      const events = await eventsOf(context, account.userId, 'user.locked');
      expect(events.slice(1)).toMatchObject([{ ...about, details: stopped }]);
      expect(events[1]?.details).toEqual(stopped);

      await context.app.get(LockoutFacade).unlock(account.userId, null);
      expect(await eventsOf(context, account.userId, 'user.unlocked')).toMatchObject([
        { ...about, details: { was_locked: true } },
      ]);
    });

    it('are unlocked on record even where nobody was kept out', async () => {
      const { userId, member } = await anAccount();
      const by = { ...member, userId: (await anAccount()).userId };
      await context.app.get(LockoutFacade).unlock(userId, by);
      expect(await eventsOf(context, userId, 'user.unlocked')).toMatchObject([
        { tenant_id: member.tenantId, details: { was_locked: false, by: by.userId } },
      ]);
    });

    it('are not counted when they cannot be recorded, and keep nobody out for longer than thirty seconds', async () => {
      const account = await anAccount();
      const repair = await sabotage(context.source, 'audit_events', 'INSERT');
      const attempts = [{ ...HOME, password: WRONG }, HOME, { ...HOME, password: WRONG }];
      for (const attempt of attempts) await expect(account.isOpenTo(attempt)).rejects.toThrow('refused by the test');
      await repair();
      expect(await account.state()).toMatchObject({ failures: 0, sources: {} });
      expect(await reasonsOf(context, account)).toEqual([]);
      expect(await account.isOpenTo(HOME)).toBe(true);
      later(30);
      await account.wrong(4, HOME);
      expect(await account.state()).toMatchObject({ failures: 4, checks: [] });
      expect(await account.isOpenTo(HOME)).toBe(true);
    });
  });

  describe('by mail', () => {
    it('are told to the owner when they are ten and when they are fifty in a row, and to nobody else', async () => {
      await context.source.query('DELETE FROM outbox');
      const account = await anAccount();
      const told = async (): Promise<unknown[]> =>
        (await mailsOf(context, 'wrong-passwords'))
          .map(({ to, facts }) => [to, 'failures' in facts && facts.failures] as const)
          .sort(([, one], [, other]) => Number(one) - Number(other));
      await account.wrongFromNetworks(9);
      expect(await told()).toEqual([]);
      await account.wrongFromNetworks(40, 9);
      expect(await told()).toEqual([[account.login, 10]]);
      await account.wrongFromNetworks(51, 49);
      expect(await told()).toEqual([
        [account.login, 10],
        [account.login, 50],
      ]);
      await account.wrong(3, CAFE);
      expect(await told()).toHaveLength(2);
      const facts = (await mailsOf(context, 'wrong-passwords')).map((mail) => mail.facts);
      expect(facts).toContainEqual({
        at: context.clock.now().toISOString(),
        failures: 10,
        stopAfter: 100,
        address: '10.0.9.7',
      });
    });
  });

  describe('for a name that is nobody’s', () => {
    const signIn = async (login: string): Promise<void> => {
      await expect(context.app.get(SignIn).execute(aSignIn({ login }))).rejects.toThrow(InvalidCredentials);
    };
    const rows = (login: string): Promise<{ failures: number }[]> =>
      context.source.query('SELECT failures FROM lockouts WHERE account = $1', [
        context.app.get(StandIns).accountFor(login),
      ]);

    it('are kept as those of an account are, by the name whatever its case, and end in a wait', async () => {
      for (const login of ['Nobody@example.com', 'NOBODY@example.com', 'nobody@EXAMPLE.com']) await signIn(login);
      expect(await rows('nobody@example.com')).toEqual([{ failures: 3 }]);
      for (let time = 0; time < 4; time += 1) await signIn('nobody@example.com');
      expect(await rows('nobody@example.com')).toEqual([{ failures: 5 }]);
      const events = await eventsOf(context, null, 'auth.login');
      expect(events.slice(-2).map(({ details }) => details.reason)).toEqual(['locked', 'locked']);
    });

    it('lock no user on record and tell nobody', async () => {
      await context.source.query('DELETE FROM outbox');
      const before = await eventCount('user.locked');
      for (let number = 0; number < 100; number += 1) {
        const attempt = aSignIn({ login: 'no.one@example.com', ...networkNo(number) });
        await expect(context.app.get(SignIn).execute(attempt)).rejects.toThrow(InvalidCredentials);
      }
      expect(await rows('no.one@example.com')).toEqual([{ failures: 100 }]);
      expect(await eventCount('user.locked')).toBe(before);
      expect(await counted(context.source, 'outbox')).toEqual({ outbox: 0 });
    });

    it('count for nobody who takes that name later', async () => {
      for (let time = 0; time < 5; time += 1) await signIn('newcomer@example.com');
      const account = new GuessedAccount(
        context,
        (await GuessedAccount.in(context, { email: 'newcomer@example.com' })).member,
      );
      expect(await account.isOpenTo({ login: 'newcomer@example.com' })).toBe(true);
    });

    const eventCount = async (action: string): Promise<number> => {
      const [row] = await context.source.query<{ count: number }[]>(
        'SELECT count(*)::int FROM audit_events WHERE action = $1',
        [action],
      );
      return row!.count;
    };
  });

  it('of a member of two tenants count once, for the account', async () => {
    const account = await anAccount();
    const other = await new Stored(context).tenant();
    await new Stored(context).member({ userId: account.userId, tenantId: other.id });
    await account.wrong(3, { ...HOME, tenant: other.slug });
    await account.wrong(2, HOME);
    expect(await account.isOpenTo({ ...HOME, tenant: other.slug })).toBe(false);
  });
});

describe('wrong passwords, where the account is what gets locked', () => {
  let context: TestContext;

  beforeAll(async () => {
    context = await aContext({ hasher, variables: { LOCKOUT_SCOPE: 'account' } });
  });
  afterAll(() => context.stop());

  it('keep every network out after five from five networks, for a minute, and no known device', async () => {
    const account = await GuessedAccount.in(context);
    const deviceToken = await account.knownDevice();
    await account.wrongFromNetworks(5);
    expect(await account.isOpenTo(CAFE)).toBe(false);
    expect(await account.isOpenTo({ ...CAFE, deviceToken })).toBe(true);
    expect(await account.isOpenTo(CAFE)).toBe(false);
    context.clock.advance({ seconds: 60 });
    expect(await account.isOpenTo(CAFE)).toBe(true);
    const [event] = await eventsOf(context, account.userId, 'user.locked');
    expect(event?.details).toMatchObject({ scope: 'source', source: 'anywhere', failures: 5 });
  });

  it('keep nobody out of another account', async () => {
    const [account, other] = [await GuessedAccount.in(context), await GuessedAccount.in(context)];
    await account.wrongFromNetworks(5);
    expect(await other.isOpenTo(CAFE)).toBe(true);
  });
});
