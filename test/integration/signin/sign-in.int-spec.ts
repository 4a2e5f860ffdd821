import { hash as argon2 } from '@node-rs/argon2';
import type { TenantState } from '../../../src/modules/tenancy/domain/tenant';
import { InvalidCredentials } from '../../../src/modules/identity/domain/errors';
import type { NewUser } from '../../../src/modules/identity/domain/user';
import { SignIn, type SignInInput } from '../../../src/modules/signin/application/sign-in';
import type { TokenPair } from '../../../src/modules/tokens/tokens.facade';
import { aSignIn, letIn } from '../../support/a-sign-in';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { counted, recorded, type Recorded } from '../../support/recorded';
import { type Member, Stored } from '../../support/stored';

describe('signing in', () => {
  let context: TestContext;
  let stored: Stored;
  let passwordHash: string;

  beforeAll(async () => {
    passwordHash = await argon2(PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
    context = await aContext({ variables: { EMAIL_VERIFICATION: 'required' } });
    stored = new Stored(context);
  });
  afterAll(() => context.stop());

  const aMember = (user: Partial<NewUser> = {}, tenant: Partial<TenantState> = {}): Promise<Member> =>
    stored.newMember({ passwordHash, ...user }, tenant);
  const signIn = async ({ userId }: Member, input: Partial<SignInInput> = {}): Promise<TokenPair> =>
    letIn(await context.app.get(SignIn).execute(aSignIn({ login: `${userId}@example.com`, ...input }))).tokens;
  // The mail that was asked for with an account goes on record by itself.
  const lastAttempt = async (): Promise<Recorded | undefined> =>
    (await recorded(context.source)).filter(({ action }) => action.startsWith('auth.')).at(-1);

  it('opens one session, and is on record with the tenant and the method', async () => {
    const member = await aMember();
    const { sessionId, tenantId } = await signIn(member);
    expect(tenantId).toBe(member.tenantId);
    expect(await lastAttempt()).toMatchObject({
      action: 'auth.login',
      outcome: 'success',
      user_id: member.userId,
      tenant_id: member.tenantId,
      details: { amr: ['pwd'] },
    });
    const kept = await context.source.query<unknown[]>('SELECT id, generation FROM sessions WHERE user_id = $1', [
      member.userId,
    ]);
    expect(kept).toEqual([{ id: sessionId, generation: 1 }]);
  });

  it('opens a session of its own each time', async () => {
    const member = await aMember();
    const [one, two] = [await signIn(member), await signIn(member)];
    expect(new Set([one.sessionId, two.sessionId, one.refreshToken, two.refreshToken]).size).toBe(4);
  });

  it('leads to another tenant of the user, by its id and by its slug', async () => {
    const member = await aMember();
    const other = await stored.tenant();
    await stored.member({ userId: member.userId, tenantId: other.id }, 'analyst');
    for (const tenant of [other.id, other.slug]) {
      expect((await signIn(member, { tenant })).tenantId).toBe(other.id);
    }
  });

  it.each<[string, (member: Member) => Promise<Partial<SignInInput>>]>([
    ['unknown_user', () => Promise.resolve({ login: 'nobody@example.com' })],
    ['wrong_password', () => Promise.resolve({ password: `${PASSWORD}!` })],
    ['disabled', (member) => after("UPDATE users SET status = 'disabled' WHERE id = $1", member.userId)],
    ['unverified', (member) => after('UPDATE users SET email_verified_at = NULL WHERE id = $1', member.userId)],
    [
      'tenant_suspended',
      async ({ tenantId }) => ({
        ...(await after("UPDATE tenants SET status = 'suspended' WHERE id = $1", tenantId)),
        tenant: tenantId,
      }),
    ],
    ['tenant_suspended', ({ tenantId }) => after("UPDATE tenants SET status = 'suspended' WHERE id = $1", tenantId)],
    ['tenant_not_a_member', async () => ({ tenant: (await stored.tenant()).slug })],
    ['tenant_not_a_member', () => Promise.resolve({ tenant: 'no-such-tenant' })],
    ['tenant_not_a_member', ({ userId }) => after('DELETE FROM memberships WHERE user_id = $1', userId)],
  ])('is refused with one error, and with its true reason %s on record alone', async (reason, arrange) => {
    const member = await aMember();
    const input = await arrange(member);
    const { sessions } = await counted(context.source, 'sessions');

    const refusal: unknown = await signIn(member, input).catch((error: unknown) => error);

    expect(refusal).toEqual(new InvalidCredentials());
    expect(Object.entries(refusal as InvalidCredentials)).toEqual(Object.entries(new InvalidCredentials()));
    expect(await lastAttempt()).toMatchObject({
      action: 'auth.login',
      outcome: 'failure',
      user_id: reason === 'unknown_user' ? null : member.userId,
      details: { reason },
    });
    expect(await counted(context.source, 'sessions')).toEqual({ sessions });
  });

  it('keeps nothing on record of what was typed as a username', async () => {
    const login = 'my-password-by-mistake';
    await expect(signIn(await aMember(), { login })).rejects.toThrow(InvalidCredentials);
    expect(JSON.stringify(await lastAttempt())).not.toContain(login);
  });

  it('is on record in the account only when it succeeds', async () => {
    const member = await aMember();
    const lastLogin = () =>
      context.source.query<unknown[]>('SELECT last_login_at FROM users WHERE id = $1', [member.userId]);
    await expect(signIn(member, { tenant: (await stored.tenant()).id })).rejects.toThrow(InvalidCredentials);
    expect(await lastLogin()).toEqual([{ last_login_at: null }]);
    await signIn(member);
    expect(await lastLogin()).toEqual([{ last_login_at: context.clock.now() }]);
  });

  it('is refused for whoever fills in the hidden field, right password or not', async () => {
    await expect(signIn(await aMember(), { honeypot: true })).rejects.toThrow(InvalidCredentials);
    expect(await lastAttempt()).toMatchObject({
      action: 'auth.suspicious_activity',
      details: { reason: 'honeypot_hit', form: 'login' },
    });
  });

  async function after(sql: string, id: string): Promise<Partial<SignInInput>> {
    await context.source.query(sql, [id]);
    return {};
  }
});
