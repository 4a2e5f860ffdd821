import type { MailboxProof } from '../../../src/modules/identity/application/mailbox/redeem-secret';
import { ConfirmEmailChange } from '../../../src/modules/identity/application/mailbox/confirm-email-change';
import { RequestEmailChange } from '../../../src/modules/identity/application/mailbox/request-email-change';
import { RequestPasswordReset } from '../../../src/modules/identity/application/mailbox/request-password-reset';
import { ResetPassword } from '../../../src/modules/identity/application/mailbox/reset-password';
import { SendVerification } from '../../../src/modules/identity/application/mailbox/send-verification';
import { UndoEmailChange } from '../../../src/modules/identity/application/mailbox/undo-email-change';
import { VerifyEmail } from '../../../src/modules/identity/application/mailbox/verify-email';
import { InvalidCredentials, LinkNotGood } from '../../../src/modules/identity/domain/errors';
import type { NewUser } from '../../../src/modules/identity/domain/user';
import { FamiliarPlaces } from '../../../src/modules/signin/application/familiar-places.port';
import { ApiKeys } from '../../../src/modules/tokens/application/api-keys/api-keys.port';
import { RotateRefreshToken } from '../../../src/modules/tokens/application/rotate-refresh-token';
import { LiveSessions } from '../../../src/modules/tokens/application/sessions/live-sessions.port';
import { InvalidRefreshToken } from '../../../src/modules/tokens/domain/errors';
import { ValidationFailed } from '../../../src/kernel/domain-error';
import { isDatabaseAway } from '../../../src/platform/database/failures';
import { EventLog } from '../../../src/platform/events/event-log';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { aRefresh } from '../../support/a-device';
import { anApiKey } from '../../support/an-api-key';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { GuessedAccount, networkNo } from '../../support/guessed-account';
import { accountOf, Mailboxes, signedIn, wrongCodes } from '../../support/mailboxes';
import { PlainHasher, plainHash } from '../../support/plain-hasher';
import { counted, recorded } from '../../support/recorded';
import { sabotage } from '../../support/sabotage';
import { statementsOf } from '../../support/statements';

const NEXT = 'a wholly new phrase to remember';
const TEMPLATE = 'password-reset';
const AT_HOME = { device: '1.laptop', network: '203.0.113.0/24' };

describe('a forgotten password', () => {
  let context: TestContext;
  let mailboxes: Mailboxes;

  beforeAll(async () => {
    context = await aContext({ hasher: new PlainHasher(), variables: { RATE_LIMITS: 'off' } });
    mailboxes = new Mailboxes(context);
  });
  afterAll(() => context.stop());

  const later = (seconds = 1): void => {
    context.clock.advance({ seconds });
  };
  const anAccount = (user: Partial<NewUser> = {}): Promise<GuessedAccount> => GuessedAccount.in(context, user);
  const request = async (email: string): Promise<void> => {
    await context.app.get(RequestPasswordReset).execute(email);
    later();
  };
  const reset = (proof: MailboxProof, password = NEXT): Promise<void> =>
    context.app.get(ResetPassword).execute(proof, password);
  const requested = async (email: string): Promise<MailboxProof & { readonly kind: 'token' }> => {
    await request(email);
    return mailboxes.link(email, TEMPLATE);
  };
  const disable = ({ userId }: GuessedAccount): Promise<unknown> =>
    context.source.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [userId]);
  const outcomesOf = async ({ userId }: GuessedAccount, action: string): Promise<string[]> =>
    (await recorded(context.source, action)).filter(({ user_id }) => user_id === userId).map(({ outcome }) => outcome);

  it('is replaced by whoever follows the link, and the old one opens nothing any more', async () => {
    const account = await anAccount();
    const link = await requested(account.login);
    expect(await account.isOpenTo()).toBe(true);
    await reset(link);
    expect([await account.isOpenTo(), await account.isOpenTo({ password: NEXT })]).toEqual([false, true]);
    expect(await mailboxes.last(account.login, 'password-changed')).toMatchObject({ how: 'reset' });
    expect(await outcomesOf(account, 'password.reset_requested')).toEqual(['success']);
    expect(await outcomesOf(account, 'password.reset')).toEqual(['success']);
  });

  it('is not touched by who asks for the link: the account stays as it is', async () => {
    const account = await anAccount();
    const { tokens } = await signedIn(context, account.login);
    const row = () => context.source.query<unknown[]>('SELECT * FROM users WHERE id = $1', [account.userId]);
    const before = await row();
    for (let time = 0; time < 5; time += 1) await request(account.login);
    expect(await row()).toEqual(before);
    const refreshed = await context.app.get(RotateRefreshToken).execute(aRefresh(tokens.refreshToken));
    expect(refreshed.sessionId).toBe(tokens.sessionId);
  });

  it.each(['token', 'code'] as const)('is replaced once by a mail: %s', async (kind) => {
    const account = await anAccount();
    await request(account.login);
    const proof = await mailboxes[kind === 'token' ? 'link' : 'code'](account.login, TEMPLATE);
    await reset(proof);
    await expect(reset(proof, `${NEXT} twice`)).rejects.toThrow(LinkNotGood);
    expect(await account.isOpenTo({ password: NEXT })).toBe(true);
    expect(await outcomesOf(account, 'password.reset')).toEqual(['success']);
    // Whose it was is not known any more.
    expect((await recorded(context.source, 'password.reset')).at(-1)).toMatchObject({
      outcome: 'failure',
      user_id: null,
    });
  });

  it('is not replaced by a link in a mailbox that is not the account’s any more, until it is again', async () => {
    const account = await anAccount();
    const link = await requested(account.login);
    const move = (email: string): Promise<unknown> =>
      context.source.query('UPDATE users SET email = $2, email_key = $2 WHERE id = $1', [account.userId, email]);
    await move(`moved-${account.login}`);
    await expect(reset(link)).rejects.toThrow(LinkNotGood);
    await move(account.login);
    expect(await account.isOpenTo()).toBe(true);
    await reset(link);
    expect(await account.isOpenTo({ password: NEXT })).toBe(true);
  });

  it.each(['user.locked', 'user.disabled'] as const)(
    'is not replaced by a link from before an administrator did this: %s',
    async (type) => {
      const account = await anAccount();
      const link = await requested(account.login);
      const event = { type, outcome: 'success', userId: account.userId, tenantId: null } as const;
      const append = (scope: string): Promise<void> =>
        context.app.get(UnitOfWork).run(() => context.app.get(EventLog).append({ ...event, details: { scope } }));
      await append('tenant');
      await expect(reset(link)).rejects.toThrow(LinkNotGood);
      const next = await requested(account.login);
      // Wrong passwords of strangers keep nobody from recovering.
      await append('source');
      await reset(next);
    },
  );

  it('is replaced once by twenty who follow one link at once', async () => {
    const account = await anAccount();
    const link = await requested(account.login);
    const passwords = Array.from({ length: 20 }, (_, n) => `${NEXT} number ${n}`);
    const settled = await Promise.allSettled(passwords.map((password) => reset(link, password)));
    const won = passwords.filter((_, n) => settled[n]?.status === 'fulfilled');
    const lost = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    expect(won).toHaveLength(1);
    expect(lost.filter((reason) => !(reason instanceof LinkNotGood))).toEqual([]);
    expect(await account.isOpenTo({ password: won[0]! })).toBe(true);
    expect((await outcomesOf(account, 'password.reset')).filter((outcome) => outcome === 'success')).toHaveLength(1);
    expect(await mailboxes.of(account.login, 'password-changed')).toHaveLength(1);
  });

  it('is replaced by the newest link alone', async () => {
    const account = await anAccount();
    const older = await requested(account.login);
    await request(account.login.toUpperCase());
    const newer = await mailboxes.link(account.login, TEMPLATE);
    await expect(reset(older)).rejects.toThrow(LinkNotGood);
    await reset(newer);
    expect(await account.isOpenTo({ password: NEXT })).toBe(true);
  });

  it.each([
    ['link', 3598, true],
    ['link', 3599, false],
    ['code', 898, true],
    ['code', 899, false],
  ] as const)('is replaced by a %s that is %i seconds old: %s', async (kind, seconds, isGood) => {
    const account = await anAccount();
    await request(account.login);
    const proof = await mailboxes[kind](account.login, TEMPLATE);
    later(seconds);
    if (isGood) await reset(proof);
    else await expect(reset(proof)).rejects.toThrow(LinkNotGood);
    expect(await account.isOpenTo()).toBe(!isGood);
  });

  it('is no easier to guess a code for by asking anew', async () => {
    const account = await anAccount();
    await request(account.login);
    let right = await mailboxes.code(account.login, TEMPLATE);
    for (const code of wrongCodes(right.code, 3)) await expect(reset({ ...right, code })).rejects.toThrow(LinkNotGood);
    await request(account.login);
    right = await mailboxes.code(account.login, TEMPLATE);
    for (const code of wrongCodes(right.code, 2)) await expect(reset({ ...right, code })).rejects.toThrow(LinkNotGood);
    await expect(reset(right)).rejects.toThrow(LinkNotGood);
    await reset(await mailboxes.link(account.login, TEMPLATE));
  });

  it.each(['link', 'code'] as const)(
    'stays when the new one may not be used, and the %s as good as before',
    async (kind) => {
      const account = await anAccount();
      await request(account.login);
      const proof = await mailboxes[kind](account.login, TEMPLATE);
      for (const password of ['short', 'password', account.login]) {
        await expect(reset(proof, password)).rejects.toThrow(ValidationFailed);
      }
      expect(await account.isOpenTo()).toBe(true);
      await reset(proof);
    },
  );

  it('ends every session and every known device, and gives no session', async () => {
    const account = await anAccount();
    const device = await account.knownDevice();
    const [one, two] = [await signedIn(context, account.login), await signedIn(context, account.login)];
    const link = await requested(account.login);
    const { sessions } = await counted(context.source, 'sessions');

    await reset(link);

    expect(await counted(context.source, 'sessions')).toEqual({ sessions });
    for (const { by, tokens } of [one, two]) {
      const live = context.app.get(LiveSessions).find(by.sessionId!, by.tenantId, context.clock.now());
      expect(await live).toBeNull();
      const refresh = context.app.get(RotateRefreshToken).execute(aRefresh(tokens.refreshToken));
      await expect(refresh).rejects.toThrow(InvalidRefreshToken);
    }
    const reasons = await context.source.query<unknown[]>(
      'SELECT DISTINCT revoked_for FROM sessions WHERE user_id = $1',
      [account.userId],
    );
    expect(reasons).toEqual([{ revoked_for: 'password_reset' }]);
    // A device that is still known would be let in past the lock.
    await account.wrong(5, networkNo(1));
    expect(await account.isOpenTo({ password: NEXT, deviceToken: device, ...networkNo(1) })).toBe(false);
  });

  it('no longer keeps its owner out: neither the wait of a source, nor the stop of all', async () => {
    const account = await anAccount();
    await account.wrong(5);
    await context.source.query('UPDATE lockouts SET failures = 100, stopped_at = now() WHERE account = $1', [
      account.userId,
    ]);
    expect(await account.isOpenTo()).toBe(false);
    await reset(await requested(account.login));
    expect(await account.isOpenTo({ password: NEXT })).toBe(true);
    expect(await account.state()).toMatchObject({ failures: 0, stoppedAt: null });
  });

  describe('of a disabled account', () => {
    it('gets no mail', async () => {
      const account = await anAccount();
      await disable(account);
      await request(account.login);
      expect(await mailboxes.of(account.login, TEMPLATE)).toEqual([]);
      expect(await outcomesOf(account, 'password.reset_requested')).toEqual(['failure']);
    });

    it.each(['link', 'code'] as const)('stays, by a %s mailed before too', async (kind) => {
      const account = await anAccount();
      await request(account.login);
      const proof = await mailboxes[kind](account.login, TEMPLATE);
      await disable(account);
      await expect(reset(proof)).rejects.toThrow(LinkNotGood);
      await context.source.query(`UPDATE users SET status = 'active' WHERE id = $1`, [account.userId]);
      expect(await account.isOpenTo()).toBe(true);
      expect(await mailboxes.of(account.login, 'password-changed')).toEqual([]);
    });
  });

  it.each([
    ['unknown', () => Promise.resolve('nobody@example.com')],
    [
      'disabled',
      async () => {
        const account = await anAccount();
        await disable(account);
        return account.login;
      },
    ],
  ])('is asked for with as many statements when the address is %s', async (_, arrange) => {
    const [known, other] = [await anAccount(), await arrange()];
    const asked = async (email: string): Promise<string[]> =>
      (await statementsOf(context.source, () => request(email))).map((sql) => sql.split('ON CONFLICT')[0]!);
    const work = await asked(other);
    expect(work).toEqual(await asked(known.login));
    expect(await mailboxes.of(other, TEMPLATE)).toEqual([]);
    expect(work.length).toBeGreaterThan(5);
  });

  it('of an account whose address nobody had proven is the first thing its owner did (RC-09)', async () => {
    const account = await anAccount({ emailVerified: false });
    const places = context.app.get(FamiliarPlaces);
    const work = context.app.get(UnitOfWork);
    const key = anApiKey(account.member);
    const others = anApiKey((await anAccount()).member);
    await work.run(async (now) => {
      await context.app.get(ApiKeys).add(key);
      await context.app.get(ApiKeys).add(others);
      await places.remember(account.userId, AT_HOME, now);
    });
    const { by } = await signedIn(context, account.login);
    const change = { newEmail: `${account.userId}@thief.example`, ipAddress: null };
    await context.app.get(RequestEmailChange).execute(by, change);
    await context.app.get(SendVerification).again(account.login);
    const pending = await mailboxes.link(change.newEmail, 'email-change');
    const verification = await mailboxes.link(account.login, 'email-verification');

    await reset(await requested(account.login));

    expect(await accountOf(context.source, account.login)).toMatchObject({ isVerified: true });
    const isRevoked = async (each: typeof key): Promise<boolean> =>
      (await work.run(() => context.app.get(ApiKeys).take(each.snapshot().id)))?.snapshot().revokedAt !== null;
    expect([await isRevoked(key), await isRevoked(others)]).toEqual([true, false]);
    expect(await places.recall(account.userId, AT_HOME, context.clock.now())).toMatchObject({ hasHistory: false });
    await expect(context.app.get(ConfirmEmailChange).execute(pending, null)).rejects.toThrow(LinkNotGood);
    await expect(context.app.get(VerifyEmail).execute(verification)).rejects.toThrow(LinkNotGood);
    const [event] = (await recorded(context.source, 'password.reset')).slice(-1);
    expect(event).toMatchObject({ outcome: 'success', details: { first_proof: true } });
    expect(await outcomesOf(account, 'api_key.revoked')).toEqual(['success']);
  });

  it('leaves no key either that was made before the address was proven otherwise', async () => {
    const account = await anAccount({ emailVerified: false });
    const key = anApiKey(account.member);
    await context.app.get(UnitOfWork).run(() => context.app.get(ApiKeys).add(key));
    await context.app.get(SendVerification).again(account.login);
    await context.app.get(VerifyEmail).execute(await mailboxes.link(account.login, 'email-verification'));
    const kept = await context.app.get(UnitOfWork).run(() => context.app.get(ApiKeys).take(key.snapshot().id));
    expect(kept?.snapshot().revokedAt).not.toBeNull();
  });

  it('of an account whose address was proven leaves its keys and places', async () => {
    const account = await anAccount();
    const key = anApiKey(account.member);
    const places = context.app.get(FamiliarPlaces);
    await context.app.get(UnitOfWork).run(async (now) => {
      await context.app.get(ApiKeys).add(key);
      await places.remember(account.userId, AT_HOME, now);
    });
    await reset(await requested(account.login));
    const kept = await context.app.get(UnitOfWork).run(() => context.app.get(ApiKeys).take(key.snapshot().id));
    expect(kept?.snapshot().revokedAt).toBeNull();
    expect(await places.recall(account.userId, AT_HOME, context.clock.now())).toMatchObject({ hasHistory: true });
  });

  describe('a link', () => {
    const uses: Readonly<Record<string, (proof: MailboxProof & { readonly kind: 'token' }) => Promise<void>>> = {
      'email-verification': (proof) => context.app.get(VerifyEmail).execute(proof),
      'password-reset': (proof) => reset(proof),
      'email-change': (proof) => context.app.get(ConfirmEmailChange).execute(proof, null),
      'email-changed': ({ token }) => context.app.get(UndoEmailChange).execute(token, null),
    };
    /** A link of each purpose for an account of its own. */
    const makes: Readonly<Record<string, () => Promise<MailboxProof & { readonly kind: 'token' }>>> = {
      'email-verification': async () => {
        const { login } = await anAccount({ emailVerified: false });
        await context.app.get(SendVerification).again(login);
        return mailboxes.link(login, 'email-verification');
      },
      'password-reset': async () => requested((await anAccount()).login),
      'email-change': async () => (await changing()).link,
      'email-changed': async () => {
        const { account, link } = await changing();
        await context.app.get(ConfirmEmailChange).execute(link, null);
        return mailboxes.link(account.login, 'email-changed');
      },
    };
    const changing = async () => {
      const account = await anAccount();
      const newEmail = `${account.userId}@example.org`;
      const { by } = await signedIn(context, account.login);
      await context.app.get(RequestEmailChange).execute(by, { newEmail, ipAddress: null });
      return { account, link: await mailboxes.link(newEmail, 'email-change') };
    };

    it.each(Object.keys(makes))('is good for what it was mailed for and nothing else: %s', async (purpose) => {
      const link = await makes[purpose]!();
      for (const [use, act] of Object.entries(uses)) {
        if (use !== purpose) await expect(act(link)).rejects.toThrow(LinkNotGood);
      }
      await uses[purpose]!(link);
    });
  });

  describe('leaves nothing half done', () => {
    const TABLES = ['mailed_secrets', 'outbox', 'audit_events'];
    const failing = async (
      table: string,
      operation: 'INSERT' | 'UPDATE',
      act: () => Promise<unknown>,
    ): Promise<void> => {
      const before = await counted(context.source, ...TABLES);
      const repair = await sabotage(context.source, table, operation);
      const failure: unknown = await act().catch((error: unknown) => error);
      await repair();
      expect(isDatabaseAway(failure)).toBe(true);
      expect(await counted(context.source, ...TABLES)).toEqual(before);
    };

    it.each(TABLES)('of a request when %s cannot be written', async (table) => {
      const account = await anAccount();
      await failing(table, 'INSERT', () => request(account.login));
      expect(await mailboxes.of(account.login, TEMPLATE)).toEqual([]);
    });

    it.each([
      ['outbox', 'INSERT'],
      ['audit_events', 'INSERT'],
      ['sessions', 'UPDATE'],
      ['users', 'UPDATE'],
    ] as const)('of a reset when %s cannot be written: the link is as good as before', async (table, operation) => {
      const account = await anAccount();
      const { tokens } = await signedIn(context, account.login);
      const link = await requested(account.login);
      await failing(table, operation, () => reset(link));
      const [row] = await context.source.query<{ hash: string }[]>(
        'SELECT password_hash AS hash FROM users WHERE id = $1',
        [account.userId],
      );
      expect(row?.hash).toBe(plainHash(PASSWORD));
      await context.app.get(RotateRefreshToken).execute(aRefresh(tokens.refreshToken));
      await reset(link);
    });
  });

  it('puts no address, link, code or password on record', async () => {
    const account = await anAccount();
    const link = await requested(account.login);
    const { code } = await mailboxes.code(account.login, TEMPLATE);
    await reset(link);
    await expect(account.signIn({ login: account.login })).rejects.toThrow(InvalidCredentials);
    const log = JSON.stringify(await recorded(context.source));
    for (const secret of ['@example', link.token, `"${code}"`, NEXT, PASSWORD]) expect(log).not.toContain(secret);
  });
});
