import { hash as argon2 } from '@node-rs/argon2';
import type { Principal } from '../../../src/kernel/principal';
import { ChangePassword } from '../../../src/modules/identity/application/passwords/change-password';
import { ConfirmEmailChange } from '../../../src/modules/identity/application/mailbox/confirm-email-change';
import { RequestEmailChange } from '../../../src/modules/identity/application/mailbox/request-email-change';
import { RequestPasswordReset } from '../../../src/modules/identity/application/mailbox/request-password-reset';
import { ResetPassword } from '../../../src/modules/identity/application/mailbox/reset-password';
import { Users } from '../../../src/modules/identity/application/users.port';
import { InvalidCredentials, LinkNotGood } from '../../../src/modules/identity/domain/errors';
import { SignIn } from '../../../src/modules/signin/application/sign-in';
import { AuthenticateAccessToken } from '../../../src/modules/tokens/application/authenticate-access-token';
import { type LiveSession, LiveSessions } from '../../../src/modules/tokens/application/sessions/live-sessions.port';
import { aSignIn, letIn } from '../../support/a-sign-in';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { interleaved } from '../../support/gates';
import { Mailboxes } from '../../support/mailboxes';
import { recorded } from '../../support/recorded';
import { sabotage } from '../../support/sabotage';
import { Stored } from '../../support/stored';

const NEXT = 'a wholly new phrase to remember';

describe('changing a password', () => {
  let context: TestContext;
  let change: ChangePassword;
  let passwordHash: string;

  beforeAll(async () => {
    passwordHash = await argon2(PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
    context = await aContext();
    change = context.app.get(ChangePassword);
  });
  afterAll(() => context.stop());

  const signIn = async (login: string, password = PASSWORD): Promise<Principal> => {
    const { tokens } = letIn(await context.app.get(SignIn).execute(aSignIn({ login, password })));
    return (await principalOf(tokens.accessToken))!;
  };
  const principalOf = async (accessToken: string): Promise<Principal | null> => {
    const tokens = context.app.get(AuthenticateAccessToken);
    return tokens.execute(await tokens.verify(accessToken));
  };
  /** What the session of a caller is worth by now. */
  const live = async ({ sessionId, tenantId }: Principal): Promise<LiveSession | null> =>
    context.app.get(LiveSessions).find(sessionId!, tenantId, context.clock.now());
  const aLogin = async (): Promise<string> =>
    `${(await new Stored(context).newMember({ passwordHash })).userId}@example.com`;
  const eventsOf = async ({ userId }: Principal, action: string) =>
    (await recorded(context.source, action)).filter(({ user_id }) => user_id === userId);

  it('lets the new password in and the old one no more', async () => {
    const login = await aLogin();
    await change.execute(await signIn(login), PASSWORD, NEXT);
    await expect(signIn(login)).rejects.toThrow(InvalidCredentials);
    expect(await signIn(login, NEXT)).not.toBeNull();
  });

  it('ends every other session of the user and keeps the one it is made in', async () => {
    const login = await aLogin();
    const [here, there, elsewhere] = [await signIn(login), await signIn(login), await signIn(login)];
    await change.execute(here, PASSWORD, NEXT);
    expect(await live(here)).toMatchObject({ sessionId: here.sessionId });
    expect([await live(there), await live(elsewhere)]).toEqual([null, null]);
    expect(await eventsOf(here, 'session.revoked')).toMatchObject([{ details: { sessions: 2 } }]);
  });

  it('leaves the sessions of another user open', async () => {
    const [mine, other] = [await signIn(await aLogin()), await signIn(await aLogin())];
    await change.execute(mine, PASSWORD, NEXT);
    expect(await live(other)).not.toBeNull();
  });

  it('ends what somebody else had mailed: links that set another password, or give another address', async () => {
    const login = await aLogin();
    const [owner, thief] = [await signIn(login), await signIn(login)];
    const newEmail = `${thief.userId}@thief.example`;
    await context.app.get(RequestEmailChange).execute(thief, { newEmail, ipAddress: null });
    await context.app.get(RequestPasswordReset).execute(login);
    const mailboxes = new Mailboxes(context);
    const [moving, reset] = [
      await mailboxes.link(newEmail, 'email-change'),
      await mailboxes.link(login, 'password-reset'),
    ];
    await change.execute(owner, PASSWORD, NEXT);
    await expect(context.app.get(ConfirmEmailChange).execute(moving, null)).rejects.toThrow(LinkNotGood);
    await expect(context.app.get(ResetPassword).execute(reset, `${NEXT} twice`)).rejects.toThrow(LinkNotGood);
    expect(await signIn(login, NEXT)).not.toBeNull();
    expect(await mailboxes.last(login, 'password-changed')).toMatchObject({ how: 'changed' });
  });

  it.each([
    ['the other sessions cannot be ended', 'sessions', 'UPDATE'],
    ['it cannot be recorded', 'audit_events', 'INSERT'],
  ] as const)('does not happen at all when %s', async (_when, table, operation) => {
    const login = await aLogin();
    const [here, there] = [await signIn(login), await signIn(login)];
    const repair = await sabotage(context.source, table, operation);
    await expect(change.execute(here, PASSWORD, NEXT)).rejects.toThrow();
    await repair();
    expect(await live(there)).not.toBeNull();
    expect(await eventsOf(here, 'password.changed')).toEqual([]);
    expect(await signIn(login)).not.toBeNull();
  });

  it('is refused with a wrong current password, changes nothing and is on record as a failure', async () => {
    const login = await aLogin();
    const [here, there] = [await signIn(login), await signIn(login)];
    await expect(change.execute(here, 'not the password at all', NEXT)).rejects.toThrow(InvalidCredentials);
    expect(await live(there)).not.toBeNull();
    expect(await signIn(login)).not.toBeNull();
    expect(await eventsOf(here, 'password.changed')).toMatchObject([
      { outcome: 'failure', details: { reason: 'wrong_password' } },
    ]);
  });

  it('happens once when two changes of the same password meet', async () => {
    const login = await aLogin();
    const by = await signIn(login);
    const settled = await Promise.allSettled([
      change.execute(by, PASSWORD, NEXT),
      change.execute(by, PASSWORD, `${NEXT} twice`),
    ]);
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const outcomes = (await eventsOf(by, 'password.changed')).map(({ outcome }) => outcome);
    expect(outcomes.sort()).toEqual(['failure', 'success']);
  });

  it('leaves nobody signed in who was just signing in with the old password', async () => {
    const login = await aLogin();
    const by = await signIn(login);
    const nextHash = await argon2(NEXT, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
    const signingIn = await interleaved(
      context,
      async (now) => {
        const user = (await context.app.get(Users).take(by.userId))!;
        user.changePassword({ hash: passwordHash, securityStamp: '' }, nextHash, crypto.randomUUID(), now);
        await context.app.get(Users).save(user);
      },
      () => signIn(login),
    );
    expect(signingIn).toMatchObject({ status: 'rejected', reason: expect.any(InvalidCredentials) as unknown });
    const attempts = await eventsOf(by, 'auth.login');
    expect(attempts.at(-1)).toMatchObject({ outcome: 'failure', details: { reason: 'password_changed' } });
  });
});
