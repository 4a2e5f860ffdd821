import { SignUp } from '../../../src/modules/signin/application/sign-up';
import { EmailTaken, UsernameTaken } from '../../../src/modules/identity/domain/errors';
import { aSignUp } from '../../support/a-sign-in';
import { aContext, type TestContext } from '../../support/context';
import { counted, recorded } from '../../support/recorded';
import { sabotage } from '../../support/sabotage';

const TABLES = ['users', 'tenants', 'memberships', 'membership_roles'];

describe('registering', () => {
  let context: TestContext;
  let signUp: SignUp;

  beforeAll(async () => {
    context = await aContext();
    signUp = context.app.get(SignUp);
  });
  afterAll(() => context.stop());

  const count = () => counted(context.source, ...TABLES);
  const registrations = () => recorded(context.source, 'user.registered');
  const tenantsOf = (userId: string) =>
    context.source.query<{ kind: string; name: string; slug: string; roles: string[] }[]>(
      `SELECT t.kind, t.name, t.slug, g.roles FROM member_grants g JOIN tenants t ON t.id = g.tenant_id
       WHERE g.user_id = $1`,
      [userId],
    );

  it('opens a personal tenant, of which the user is the owner', async () => {
    const { user, emailVerification } = await signUp.execute(aSignUp({ email: 'ann@example.com' }));
    expect(emailVerification).toBe('not_required');
    expect(await tenantsOf(user.id)).toMatchObject([{ kind: 'personal', roles: ['owner'] }]);
  });

  it('opens the tenant that is named, with the name as its slug while that is free', async () => {
    const { user: first } = await signUp.execute(aSignUp({ email: 'bea@example.com', tenantName: 'Bea & Sons' }));
    const { user: second } = await signUp.execute(aSignUp({ email: 'ben@example.com', tenantName: 'Bea & Sons' }));
    expect(await tenantsOf(first.id)).toMatchObject([{ kind: 'organization', slug: 'bea-sons', roles: ['owner'] }]);
    const [other] = await tenantsOf(second.id);
    expect(other).toMatchObject({ name: 'Bea & Sons', roles: ['owner'] });
    expect(other?.slug).toMatch(/^bea-sons-[0-9a-z]{8}$/);
  });

  it('makes exactly one account of fifty registrations of one address at once', async () => {
    const before = await count();
    const spellings = Array.from({ length: 50 }, (_, n) => (n % 2 === 0 ? 'dan@example.com' : 'DAN@Example.com'));

    const settled = await Promise.allSettled(spellings.map((email) => signUp.execute(aSignUp({ email }))));

    const won = settled.filter(({ status }) => status === 'fulfilled');
    const lost = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    expect(won).toHaveLength(1);
    expect(lost.filter((reason) => !(reason instanceof EmailTaken))).toEqual([]);
    expect(await count()).toEqual(Object.fromEntries(Object.entries(before).map(([table, n]) => [table, n + 1])));
    const [winner] = await context.source.query<{ id: string }[]>(
      "SELECT id FROM users WHERE email_key = 'dan@example.com'",
    );
    const succeeded = (await registrations()).filter(({ outcome }) => outcome === 'success');
    expect(succeeded.filter(({ user_id }) => user_id === winner?.id)).toHaveLength(1);
    const refused = (await registrations()).filter(({ details }) => details.reason === 'email_taken');
    expect(refused).toHaveLength(49);
  });

  it.each([...TABLES, 'audit_events'])('leaves nothing behind when %s cannot be written', async (table) => {
    const email = `broken-${table}@example.com`;
    const before = await counted(context.source, ...TABLES, 'audit_events');
    const repair = await sabotage(context.source, table, 'INSERT');
    await expect(signUp.execute(aSignUp({ email }))).rejects.toThrow();
    await repair();
    expect(await counted(context.source, ...TABLES, 'audit_events')).toEqual(before);
    expect((await signUp.execute(aSignUp({ email }))).user.email).toBe(email);
  });

  it('refuses a taken username, stores nothing and keeps the refusal on record', async () => {
    await signUp.execute(aSignUp({ email: 'eva@example.com', username: 'eva' }));
    const before = await count();
    const attempt = signUp.execute(aSignUp({ email: 'other@example.com', username: 'EVA' }));
    await expect(attempt).rejects.toThrow(UsernameTaken);
    expect(await count()).toEqual(before);
    expect((await registrations()).at(-1)).toMatchObject({ outcome: 'failure', details: { reason: 'username_taken' } });
  });

  it('stores nothing but the event for whoever fills in the hidden field', async () => {
    const honest = await signUp.execute(aSignUp({ email: 'fay@example.com', username: 'fay' }));
    const before = await count();
    const answer = await signUp.execute(aSignUp({ email: 'robot@example.com', username: 'robot', honeypot: true }));
    expect(Object.keys(answer.user).sort()).toEqual(expect.arrayContaining(Object.keys(PROFILE)));
    expect(answer.emailVerification).toBe(honest.emailVerification);
    expect(await count()).toEqual(before);
    expect((await recorded(context.source)).at(-1)).toMatchObject({
      action: 'auth.suspicious_activity',
      outcome: 'failure',
      details: { reason: 'honeypot_hit', form: 'register' },
    });
  });
});

describe('registering where addresses must be verified', () => {
  let context: TestContext;
  let signUp: SignUp;

  beforeAll(async () => {
    context = await aContext({ variables: { EMAIL_VERIFICATION: 'required' } });
    signUp = context.app.get(SignUp);
    await signUp.execute(aSignUp({ email: 'ann@example.com', username: 'ann' }));
  });
  afterAll(() => context.stop());

  const shapeOf = async (email: string, username: string | null = null): Promise<unknown> => {
    const { user, emailVerification } = await signUp.execute(aSignUp({ email, username, firstName: 'Ann' }));
    const shown = Object.fromEntries(
      Object.keys(PROFILE).map((name) => [name, user[name as keyof typeof PROFILE]] as const),
    );
    expect(user.id).toMatch(/^[0-9a-f-]{36}$/);
    return { ...shown, emailVerification, id: 'some id', email: 'some address' };
  };

  it('answers a taken address as a free one, and stores nothing', async () => {
    const free = await shapeOf('free@example.com');
    const before = await counted(context.source, ...TABLES);
    expect(await shapeOf('Ann@Example.com')).toEqual(free);
    expect(await counted(context.source, ...TABLES)).toEqual(before);
    const attempts = await recorded(context.source, 'user.registered');
    expect(attempts.at(-1)).toMatchObject({ outcome: 'failure', details: { reason: 'email_taken' } });
  });

  it('answers a taken username alike, whether the address is taken or free', async () => {
    await expect(shapeOf('unknown@example.com', 'ann')).rejects.toThrow(UsernameTaken);
    await expect(shapeOf('ann@example.com', 'ann')).rejects.toThrow(UsernameTaken);
  });
});

/** The fields the answer of a registration is made of. */
const PROFILE = {
  id: '',
  email: '',
  username: null,
  firstName: null,
  lastName: null,
  emailVerified: false,
  status: 'active',
  createdAt: null,
  lastLoginAt: null,
};
