import type { NewUser } from '../../../src/modules/identity/domain/user';
import { RequestPasswordReset } from '../../../src/modules/identity/application/mailbox/request-password-reset';
import { ResetPassword } from '../../../src/modules/identity/application/mailbox/reset-password';
import { SendVerification } from '../../../src/modules/identity/application/mailbox/send-verification';
import type { MailboxProof } from '../../../src/modules/identity/application/mailbox/redeem-secret';
import { VerifyEmail } from '../../../src/modules/identity/application/mailbox/verify-email';
import {
  EmailTaken,
  InvalidCredentials,
  LinkNotGood,
  UsernameTaken,
} from '../../../src/modules/identity/domain/errors';
import { UserResponse } from '../../../src/modules/identity/http/users.dto';
import { SignIn } from '../../../src/modules/signin/application/sign-in';
import { SignUp } from '../../../src/modules/signin/application/sign-up';
import { Background } from '../../../src/platform/concurrency/background';
import { isDatabaseAway } from '../../../src/platform/database/failures';
import { aSignIn, aSignUp } from '../../support/a-sign-in';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { accountOf, Mailboxes, signedIn, wrongCodes } from '../../support/mailboxes';
import { PlainHasher } from '../../support/plain-hasher';
import { counted, type Recorded, recorded } from '../../support/recorded';
import { sabotage } from '../../support/sabotage';
import { statementsOf } from '../../support/statements';
import { Stored } from '../../support/stored';

const TEMPLATE = 'email-verification';
const VERIFY_SECONDS = 86_400;
const QUARTER = 900;

describe('where addresses must be verified', () => {
  let context: TestContext;
  let mailboxes: Mailboxes;
  let users = 0;

  beforeAll(async () => {
    context = await aContext({
      variables: { EMAIL_VERIFICATION: 'required', RATE_LIMITS: 'on' },
      hasher: new PlainHasher(),
    });
    mailboxes = new Mailboxes(context);
  });
  afterAll(() => context.stop());
  // So that of two mails of a test one is the newer.
  const later = (seconds = 1): void => {
    context.clock.advance({ seconds });
  };
  const anAddress = (): string => `user${(users += 1)}@example.com`;
  const register = (email: string) => context.app.get(SignUp).execute(aSignUp({ email }));
  /** Somebody who has registered and not read the mail yet. */
  const aNewcomer = async (): Promise<string> => {
    const email = anAddress();
    await register(email);
    later();
    return email;
  };
  const aStoredUser = async (user: Partial<NewUser> = {}): Promise<string> => {
    const email = anAddress();
    await new Stored(context).user({ email, ...user });
    return email;
  };
  const disabled = async (email: string): Promise<string> => {
    await context.source.query(`UPDATE users SET status = 'disabled' WHERE email = $1`, [email]);
    return email;
  };
  const verify = (proof: MailboxProof): Promise<void> => context.app.get(VerifyEmail).execute(proof);
  const resend = async (email: string): Promise<void> => {
    await context.app.get(SendVerification).again(email);
    later();
  };
  const isVerified = async (email: string): Promise<boolean | undefined> =>
    (await accountOf(context.source, email))?.isVerified;
  const eventsOf = async (email: string): Promise<Recorded[]> => {
    const account = await accountOf(context.source, email);
    return (await recorded(context.source, 'email.verified')).filter(({ user_id }) => user_id === account?.id);
  };

  it('a registration is mailed a link, nobody signs in before it is followed, and whoever does may sign in', async () => {
    const email = anAddress();
    expect((await register(email)).emailVerification).toBe('sent');
    expect(await mailboxes.of(email, TEMPLATE)).toHaveLength(1);
    await expect(signedIn(context, email)).rejects.toThrow(InvalidCredentials);
    await verify(await mailboxes.link(email, TEMPLATE));
    expect((await signedIn(context, email)).tokens.accessToken).not.toBe('');
    expect(await eventsOf(email)).toMatchObject([{ outcome: 'success' }]);
  });

  it('a link is good once', async () => {
    const email = await aNewcomer();
    const link = await mailboxes.link(email, TEMPLATE);
    await verify(link);
    await expect(verify(link)).rejects.toThrow(LinkNotGood);
    expect(await isVerified(email)).toBe(true);
    expect(await eventsOf(email)).toHaveLength(1);
  });

  it('a link is good once, of twenty who follow it at once', async () => {
    const email = await aNewcomer();
    const link = await mailboxes.link(email, TEMPLATE);
    const settled = await Promise.allSettled(Array.from({ length: 20 }, () => verify(link)));
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await eventsOf(email)).filter(({ outcome }) => outcome === 'success')).toHaveLength(1);
  });

  it.each([0, 1])('either of two mails is good, and then neither: number %i', async (which) => {
    const email = await aNewcomer();
    const links = [await mailboxes.link(email, TEMPLATE)];
    await resend(email);
    links.push(await mailboxes.link(email, TEMPLATE));
    expect(links[0]).not.toEqual(links[1]);
    await verify(links[which]!);
    for (const link of links) await expect(verify(link)).rejects.toThrow(LinkNotGood);
  });

  it.each([
    ['before its time is over', VERIFY_SECONDS - 2, true],
    ['when its time is over', VERIFY_SECONDS - 1, false],
  ])('a mail is good %s', async (_, seconds, isGood) => {
    const [byLink, byCode] = [anAddress(), anAddress()];
    for (const email of [byLink, byCode]) await register(email);
    later();
    const proofs = [await mailboxes.link(byLink, TEMPLATE), await mailboxes.code(byCode, TEMPLATE)];
    later(seconds);
    for (const proof of proofs) {
      if (isGood) await verify(proof);
      else await expect(verify(proof)).rejects.toThrow(LinkNotGood);
    }
    expect([await isVerified(byLink), await isVerified(byCode)]).toEqual([isGood, isGood]);
  });

  it.each(['', 'a'.repeat(43), 'no token at all'])('a link nobody was mailed is not good: "%s"', async (token) => {
    await expect(verify({ kind: 'token', token })).rejects.toThrow(LinkNotGood);
    expect((await recorded(context.source, 'email.verified')).at(-1)).toMatchObject({
      outcome: 'failure',
      user_id: null,
      details: { reason: 'link_not_good' },
    });
  });

  describe('a code', () => {
    it('is as good as the link, once, however the address is spelt', async () => {
      const email = await aNewcomer();
      const { code } = await mailboxes.code(email, TEMPLATE);
      const proof = { kind: 'code', email: email.toUpperCase(), code } as const;
      await verify(proof);
      expect(await isVerified(email)).toBe(true);
      await expect(verify(proof)).rejects.toThrow(LinkNotGood);
    });

    it('of the older of two mails is good too', async () => {
      const email = await aNewcomer();
      const older = await mailboxes.code(email, TEMPLATE);
      await resend(email);
      await verify(older);
      expect(await isVerified(email)).toBe(true);
    });

    it('is not good for another address', async () => {
      const [email, other] = [await aNewcomer(), await aNewcomer()];
      const { code } = await mailboxes.code(email, TEMPLATE);
      if ((await mailboxes.code(other, TEMPLATE)).code !== code)
        await expect(verify({ kind: 'code', email: other, code })).rejects.toThrow(LinkNotGood);
      expect([await isVerified(email), await isVerified(other)]).toEqual([false, false]);
    });

    it('is not good any more after five wrong ones, not by asking anew either; the link is', async () => {
      const email = await aNewcomer();
      const right = await mailboxes.code(email, TEMPLATE);
      for (const code of wrongCodes(right.code, 5))
        await expect(verify({ ...right, code })).rejects.toThrow(LinkNotGood);
      await expect(verify(right)).rejects.toThrow(LinkNotGood);
      await resend(email);
      const next = await mailboxes.code(email, TEMPLATE);
      for (const proof of [next, right]) await expect(verify(proof)).rejects.toThrow(LinkNotGood);
      expect(await isVerified(email)).toBe(false);
      await verify(await mailboxes.link(email, TEMPLATE));
      expect(await isVerified(email)).toBe(true);
    });

    it('is tried five times at most by twenty who guess at once', async () => {
      const email = await aNewcomer();
      const right = await mailboxes.code(email, TEMPLATE);
      const guesses = wrongCodes(right.code, 20).map((code) => verify({ ...right, code }));
      expect((await Promise.allSettled(guesses)).every(({ status }) => status === 'rejected')).toBe(true);
      const account = await accountOf(context.source, email);
      const kept = await context.source.query<unknown[]>('SELECT wrong_codes FROM mailed_secrets WHERE user_id = $1', [
        account!.id,
      ]);
      expect(kept).toEqual([{ wrong_codes: 5 }]);
      await expect(verify(right)).rejects.toThrow(LinkNotGood);
    });
  });

  describe('asking for the mail once more', () => {
    const owners: readonly [string, () => Promise<string>][] = [
      ['is unknown', () => Promise.resolve(anAddress())],
      ['is verified', () => aStoredUser()],
      ['is disabled', async () => disabled(await aStoredUser({ emailVerified: false }))],
    ];

    it.each(owners)('sends nothing when the address %s, and asks the database the same', async (_, arrange) => {
      const [awaited, other] = [await aNewcomer(), await arrange()];
      const sent = await mailboxes.sent(TEMPLATE);
      const work = await statementsOf(context.source, () => resend(other));
      expect(await mailboxes.sent(TEMPLATE)).toBe(sent);
      expect(work).toEqual(await statementsOf(context.source, () => resend(awaited)));
      expect(await mailboxes.sent(TEMPLATE)).toBe(sent + 1);
      expect(work.length).toBeGreaterThan(4);
    });

    it('sends three within a quarter of an hour, ten within hours, and nothing else is counted with them', async () => {
      const email = await aNewcomer();
      const times: number[] = [];
      for (let quarter = 0; quarter < 5; quarter += 1) {
        const before = await mailboxes.sent(TEMPLATE);
        for (let time = 0; time < 4; time += 1) await context.app.get(SendVerification).again(email);
        times.push((await mailboxes.sent(TEMPLATE)) - before);
        later(QUARTER);
      }
      expect(times).toEqual([3, 3, 3, 1, 0]);
      await context.app.get(RequestPasswordReset).execute(email);
      expect(await mailboxes.of(email, 'password-reset')).toHaveLength(1);
    });
  });

  describe('signing in to an account whose address nobody has proven', () => {
    const attempt = (login: string, password = PASSWORD): Promise<unknown> =>
      context.app
        .get(SignIn)
        .execute(aSignIn({ login, password }))
        .catch((error: unknown) => error);

    it.each([
      ['the right', PASSWORD, 2],
      ['a wrong', `${PASSWORD}!`, 1],
    ])('with %s password is refused alike, and leaves so many mails: %s, %i', async (_, password, mails) => {
      const email = await aNewcomer();
      expect(await attempt(email, password)).toEqual(new InvalidCredentials());
      await context.app.get(Background).idle();
      expect(await mailboxes.of(email, TEMPLATE)).toHaveLength(mails);
    });

    it('sends no more than asking for the mail does', async () => {
      const email = await aNewcomer();
      for (let time = 0; time < 4; time += 1) expect(await attempt(email)).toEqual(new InvalidCredentials());
      await context.app.get(Background).idle();
      expect(await mailboxes.of(email, TEMPLATE)).toHaveLength(1 + 3);
    });
  });

  describe('registering with an address that has an account', () => {
    it.each<[string, () => Promise<string>, number, number]>([
      ['tells the owner', () => aStoredUser(), 1, 0],
      ['lets who never proved it set a password', () => aStoredUser({ emailVerified: false }), 0, 1],
      ['tells nobody of a disabled account', async () => disabled(await aStoredUser()), 0, 0],
    ])('answers as for a free one, and %s', async (_, arrange, told, resets) => {
      const email = await arrange();
      const before = await counted(context.source, 'users', 'tenants');
      const answer = await register(email.toUpperCase());
      const free = await register(anAddress());
      expect(answer.emailVerification).toBe(free.emailVerification);
      const [shown, asFree] = [UserResponse.from(answer.user), UserResponse.from(free.user)];
      expect(Object.assign(shown, { id: asFree.id })).toEqual(Object.assign(asFree, { email: email.toUpperCase() }));
      expect(await mailboxes.of(email, 'account-exists')).toHaveLength(told);
      expect(await mailboxes.of(email, 'password-reset')).toHaveLength(resets);
      expect(await mailboxes.of(email, TEMPLATE)).toHaveLength(0);
      expect(await counted(context.source, 'users', 'tenants')).toEqual({
        users: before.users! + 1,
        tenants: before.tenants! + 1,
      });
    });

    it('does not let whoever registered with it first in by what its owner does about the mail', async () => {
      const email = anAddress();
      const thief = aSignUp({ email, password: 'what the thief remembers' });
      await context.app.get(SignUp).execute(thief);
      later();
      await register(email);
      await context.app
        .get(ResetPassword)
        .execute(await mailboxes.link(email, 'password-reset'), 'what the owner remembers');
      const attempt = (password: string) => context.app.get(SignIn).execute(aSignIn({ login: email, password }));
      await expect(attempt(thief.password)).rejects.toThrow(InvalidCredentials);
      await expect(attempt('what the owner remembers')).resolves.toMatchObject({ tokens: {} });
    });

    it('keeps the username from the next one, as a registration does, or that would tell', async () => {
      const [taken, username] = [await aStoredUser(), `name-${(users += 1)}`];
      const signUp = (email: string) => context.app.get(SignUp).execute(aSignUp({ email, username }));
      await signUp(taken);
      for (const email of [anAddress(), taken]) await expect(signUp(email)).rejects.toThrow(UsernameTaken);
      later(31 * 86_400);
      await expect(signUp(anAddress())).resolves.toMatchObject({ user: { username } });
    });

    it('tells the owner three times within a quarter of an hour', async () => {
      const email = await aStoredUser();
      for (let time = 0; time < 5; time += 1) await register(email);
      expect(await mailboxes.of(email, 'account-exists')).toHaveLength(3);
    });
  });

  describe('leaves nothing half done', () => {
    const TABLES = ['users', 'tenants', 'mailed_secrets', 'outbox', 'audit_events'];
    const failing = async (table: string, act: () => Promise<unknown>): Promise<void> => {
      const before = await counted(context.source, ...TABLES);
      const repair = await sabotage(context.source, table, 'INSERT');
      const failure: unknown = await act().catch((error: unknown) => error);
      await repair();
      expect(isDatabaseAway(failure)).toBe(true);
      expect(await counted(context.source, ...TABLES)).toEqual(before);
    };

    it.each(['mailed_secrets', 'outbox', 'audit_events'])('a registration when %s cannot be written', async (table) => {
      const email = anAddress();
      await failing(table, () => register(email));
      await register(email);
      expect(await mailboxes.of(email, TEMPLATE)).toHaveLength(1);
    });

    it.each(['mailed_secrets', 'outbox'])('a resend when %s cannot be written', async (table) => {
      const email = await aNewcomer();
      await failing(table, () => resend(email));
    });

    it('a proof when it cannot be recorded: the link is as good as before', async () => {
      const email = await aNewcomer();
      const link = await mailboxes.link(email, TEMPLATE);
      await failing('audit_events', () => verify(link));
      expect(await isVerified(email)).toBe(false);
      await verify(link);
    });
  });

  it('nothing on record tells an address, a link or a code', async () => {
    const email = await aNewcomer();
    const [link, code] = [await mailboxes.link(email, TEMPLATE), await mailboxes.code(email, TEMPLATE)];
    await verify(link);
    const log = JSON.stringify(await recorded(context.source));
    for (const secret of ['@example.com', link.token, code.code]) {
      // Six digits may be part of an id by chance; as a value of their own they are not.
      expect(log.includes(secret === code.code ? `"${secret}"` : secret)).toBe(false);
    }
  });
});

describe('where addresses need not be verified', () => {
  let context: TestContext;
  beforeAll(async () => {
    context = await aContext({ hasher: new PlainHasher() });
  });
  afterAll(() => context.stop());

  it('nobody is mailed, and a taken address is called so', async () => {
    const signUp = context.app.get(SignUp);
    expect(await signUp.execute(aSignUp({ email: 'ann@example.com' }))).toMatchObject({
      emailVerification: 'not_required',
    });
    await expect(signUp.execute(aSignUp({ email: 'ANN@example.com' }))).rejects.toThrow(EmailTaken);
    expect(await counted(context.source, 'outbox', 'mailed_secrets')).toEqual({ outbox: 0, mailed_secrets: 0 });
  });

  it('an account that asks for it is sent what proves its address', async () => {
    await context.app.get(SendVerification).again('ann@example.com');
    await context.app.get(VerifyEmail).execute(await new Mailboxes(context).link('ann@example.com', TEMPLATE));
    expect(await accountOf(context.source, 'ann@example.com')).toMatchObject({ isVerified: true });
  });
});
