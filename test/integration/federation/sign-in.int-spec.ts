import { randomUUID } from 'node:crypto';
import { DependencyUnavailable } from '../../../src/kernel/domain-error';
import type { UserId } from '../../../src/kernel/ids';
import type { Principal } from '../../../src/kernel/principal';
import { Providers } from '../../../src/modules/federation/application/providers/providers.port';
import { type BeginInput, BeginSignIn } from '../../../src/modules/federation/application/begin-sign-in';
import { Finish, type Finished, type FinishInput } from '../../../src/modules/federation/application/finish/finish';
import { UnlinkIdentity } from '../../../src/modules/federation/application/links/unlink-identity';
import { OwnLinks } from '../../../src/modules/federation/application/links/own-links';
import { RemoveEndedTransactions } from '../../../src/modules/federation/application/transactions/remove-ended-transactions';
import { ProviderUnavailable } from '../../../src/modules/federation/domain/errors';
import type { ProvenIdentity } from '../../../src/modules/federation/domain/proven-identity';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import type { NewUser } from '../../../src/modules/identity/domain/user';
import { VerifyEmail } from '../../../src/modules/identity/application/mailbox/verify-email';
import { IssueSecret } from '../../../src/modules/identity/application/mailbox/issue-secret';
import { MailboxFacade } from '../../../src/modules/identity/mailbox.facade';
import { FederatedEntrance } from '../../../src/modules/signin/federated-entrance.facade';
import { SignIn } from '../../../src/modules/signin/application/sign-in';
import type { TenantState } from '../../../src/modules/tenancy/domain/tenant';
import { Background } from '../../../src/platform/concurrency/background';
import { sha256 } from '../../../src/platform/crypto/sha256';
import { aClient } from '../../support/a-device';
import { aSignIn } from '../../support/a-sign-in';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { interleaved } from '../../support/gates';
import { mailsOf } from '../../support/mails-of';
import { PlainHasher, plainHash } from '../../support/plain-hasher';
import { counted, recorded } from '../../support/recorded';
import { ScriptedProviders } from '../../support/scripted-providers';
import { type Member, Stored } from '../../support/stored';

const LINK =
  'INSERT INTO linked_identities (id, user_id, provider, issuer, subject, linked_at) VALUES ($1, $2, $3, $4, $5, now())';
const TARGET = 'https://app.example.com/in';
const MATCHING = { by: 'redirect', isBrowser: true } as const;

/** Who comes back from a provider, in the words of the tables. */
type Came = { readonly outcome: string; readonly userId: string | null };

describe.each(['optional', 'required'])('a sign-in elsewhere, where verification is %s', (verification) => {
  const providers = new ScriptedProviders();
  const { acme, other } = providers;
  let context: TestContext;
  let stored: Stored;

  beforeAll(async () => {
    context = await aContext({
      hasher: new PlainHasher(),
      variables: {
        EMAIL_VERIFICATION: verification,
        OAUTH_REDIRECT_ORIGINS: 'https://app.example.com',
        OAUTH_KEEP_PROVIDER_TOKENS: verification === 'required' ? 'on' : 'off',
        RATE_LIMIT_MAIL: '1000/60',
      },
      overrides: [[Providers, providers]],
    });
    stored = new Stored(context);
  });
  afterAll(() => context.stop());

  const aMember = (user: Partial<NewUser> = {}, tenant: Partial<TenantState> = {}): Promise<Member> =>
    stored.newMember({ passwordHash: plainHash(PASSWORD), ...user }, tenant);
  const begin = (provider = acme, input: Partial<BeginInput> = {}) =>
    context.app.get(BeginSignIn).execute({
      ...{ provider: provider.id, kind: 'browser', redirectUri: TARGET, tenant: null, linker: null },
      ...{ browserSecret: null, deviceToken: null, ...input },
    });
  const finish = async (
    begun: Awaited<ReturnType<typeof begin>>,
    code: string,
    input: Partial<FinishInput> = {},
  ): Promise<Finished> =>
    context.app.get(Finish).execute({
      provider: acme.id,
      state: begun.state,
      answer: { kind: 'code', answer: { code, issuer: null } },
      bearer: { ...MATCHING, browserHash: sha256(begun.browserSecret) },
      caller: null,
      client: aClient(),
      deviceToken: null,
      ...input,
    });
  const comes = async (identity: ProvenIdentity, provider = acme): Promise<Came> => {
    const begun = await begin(provider);
    const before = await newest();
    const finished = await finish(begun, provider.signsIn(begun.state, identity), { provider: provider.id });
    await context.app.get(Background).idle();
    const [login] = (await recorded(context.source, 'oauth.login')).slice(before);
    const kind = finished.kind === 'refused' ? finished.error.code : finished.kind;
    return { outcome: kind, userId: login?.user_id ?? null };
  };
  const newest = async (): Promise<number> => (await recorded(context.source, 'oauth.login')).length;
  const eventsOf = async (user: string): Promise<string[]> =>
    (await recorded(context.source))
      .filter(({ user_id }) => user_id === user)
      .map(({ action, outcome, details }) =>
        `${action} ${outcome} ${(details.reason as string | undefined) ?? ''}`.trim(),
      );
  const linksOf = (user: string): Promise<{ provider: string; email: string | null; sealed: Buffer | null }[]> =>
    context.source.query(
      'SELECT provider, email, tokens_sealed AS sealed FROM linked_identities WHERE user_id = $1 ORDER BY id',
      [user],
    );
  const amrOf = (user: string): Promise<{ amr: string[] }[]> =>
    context.source.query('SELECT authentication_methods AS amr FROM sessions WHERE user_id = $1', [user]);
  const emailOf = ({ userId }: Pick<Member, 'userId'>): string => `${userId}@example.com`;
  const told = async (email: string): Promise<string[]> => {
    const kinds = [
      'identity-linked',
      'identity-unlinked',
      'account-exists',
      'password-reset',
      'email-verification',
    ] as const;
    const mails = await Promise.all(kinds.map((kind) => mailsOf(context, kind)));
    return mails.flat().flatMap(({ to, template }) => (to?.toLowerCase() === email.toLowerCase() ? [template] : []));
  };
  const isRequired = verification === 'required';

  it('makes an account of its own for whom nobody knew, and lets them in again', async () => {
    const identity = acme.identity({ firstName: 'Grace', lastName: 'Hopper' });
    const first = await comes(identity);
    expect(first.outcome).toBe('signed_in');
    const again = await comes({ ...identity, email: 'moved@example.com', emailProven: false });
    expect(again).toEqual(first);
    expect(await linksOf(first.userId!)).toMatchObject([{ provider: 'acme', email: 'moved@example.com' }]);
    expect(await amrOf(first.userId!)).toEqual([{ amr: ['fed'] }, { amr: ['fed'] }]);
    expect((await eventsOf(first.userId!)).filter((line) => !line.startsWith('tenant.'))).toEqual([
      'user.registered success',
      'oauth.linked success registered',
      'oauth.login success',
      'auth.login success',
      'oauth.login success',
      'auth.login success',
    ]);
    const tenants = await context.source.query<unknown[]>(
      'SELECT t.name, t.kind, u.email_verified_at IS NOT NULL AS proven, u.password_hash AS password, u.first_name AS first FROM users u JOIN memberships m ON m.user_id = u.id JOIN tenants t ON t.id = m.tenant_id WHERE u.id = $1',
      [first.userId],
    );
    expect(tenants).toEqual([{ name: 'Grace Hopper', kind: 'personal', proven: true, password: null, first: 'Grace' }]);
    expect(await told(identity.email!)).toEqual([]);
  });

  it('takes one subject of two issuers for two people', async () => {
    const [one, two] = [
      acme.identity({ subject: 'one' }),
      other.identity({ subject: 'one', email: 'two@example.com' }),
    ];
    const [first, second] = [await comes(one), await comes(two, other)];
    expect([first.outcome, second.outcome]).toEqual(['signed_in', 'signed_in']);
    expect(first.userId).not.toBe(second.userId);
  });

  it('opens an account by its address where provider and account are sure of it, and says so by mail', async () => {
    const member = await aMember();
    const identity = acme.identity({ email: emailOf(member).toUpperCase() });
    expect(await comes(identity)).toEqual({ outcome: 'signed_in', userId: member.userId });
    expect(await eventsOf(member.userId)).toEqual([
      'oauth.login success',
      'auth.login success',
      'oauth.linked success address',
    ]);
    expect(await told(emailOf(member))).toEqual(['identity-linked']);
    // Another identity of the same issuer with the same address is somebody else's, for all we know.
    expect(await comes(acme.identity({ email: emailOf(member) }))).toEqual({
      outcome: isRequired ? 'INVALID_CREDENTIALS' : 'EMAIL_TAKEN',
      userId: null,
    });
  });

  it('opens none by an address the provider did not see', async () => {
    const member = await aMember();
    expect(await comes(acme.identity({ email: emailOf(member), emailProven: false }))).toEqual({
      outcome: isRequired ? 'INVALID_CREDENTIALS' : 'EMAIL_TAKEN',
      userId: null,
    });
    expect(await linksOf(member.userId)).toEqual([]);
    expect(await told(emailOf(member))).toEqual(isRequired ? ['account-exists'] : []);
    expect((await recorded(context.source, 'oauth.login')).at(-1)).toMatchObject({
      outcome: 'failure',
      user_id: null,
      details: { provider: 'acme', reason: 'address_taken' },
    });
  });

  it('gives an account that nobody had proven to whom the provider vouches for, without anything of before', async () => {
    const member = await aMember({ emailVerified: false });
    const intruder = other.identity({ email: 'intruder@example.org' });
    await context.source.query(LINK, [randomUUID(), member.userId, 'other', intruder.issuer, intruder.subject]);
    await stored.session(member);
    expect(await comes(acme.identity({ email: emailOf(member) }))).toEqual({
      outcome: 'signed_in',
      userId: member.userId,
    });
    expect(await linksOf(member.userId)).toMatchObject([{ provider: 'acme' }]);
    const [user] = await context.source.query<{ password: string | null; proven: boolean }[]>(
      'SELECT password_hash AS password, email_verified_at IS NOT NULL AS proven FROM users WHERE id = $1',
      [member.userId],
    );
    expect(user).toEqual({ password: null, proven: true });
    const open = await context.source.query<unknown[]>(
      'SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL',
      [member.userId],
    );
    expect(open).toHaveLength(1);
    // The intruder's identity is now that of a stranger.
    const strangers = await comes(intruder, other);
    expect(strangers.userId).not.toBe(member.userId);
    expect(await eventsOf(member.userId)).toEqual(
      expect.arrayContaining([
        'user.reclaimed success',
        'oauth.unlinked success first_proof',
        'oauth.linked success reclaimed',
      ]),
    );
    expect(await told(emailOf(member))).toEqual(expect.arrayContaining(['identity-linked', 'identity-unlinked']));
  });

  it('is refused to an identity without an address, and to one whose address is not proven where it must be', async () => {
    expect(await comes(acme.identity({ email: null, emailProven: false }))).toEqual({
      outcome: 'INVALID_CREDENTIALS',
      userId: null,
    });
    const unproven = acme.identity({ emailProven: false });
    const came = await comes(unproven);
    expect(came.outcome).toBe(isRequired ? 'INVALID_CREDENTIALS' : 'signed_in');
    expect(await told(unproven.email!)).toEqual(isRequired ? ['email-verification'] : []);
    expect((await eventsOf(came.userId!)).at(-1)).toBe(
      isRequired ? 'auth.login failure unverified' : 'auth.login success',
    );
  });

  it('is refused to an address that is kept for who gave it up, as to one that is taken', async () => {
    const { userId } = await aMember();
    const identity = acme.identity();
    const undo = { purpose: 'email_change_undo', userId, mailbox: identity.email!, address: identity.email! } as const;
    await context.app.get(UnitOfWork).run(() => context.app.get(IssueSecret).execute(undo));
    expect(await comes(identity)).toEqual({
      outcome: isRequired ? 'INVALID_CREDENTIALS' : 'EMAIL_TAKEN',
      userId: null,
    });
    expect((await recorded(context.source, 'oauth.login')).at(-1)).toMatchObject({
      outcome: 'failure',
      details: { reason: 'address_taken' },
    });
  });

  it('is on record once, as it was decided, whatever fails behind that', async () => {
    const known = acme.identity();
    const { userId } = await comes(known);
    const [entrance, mailboxes] = [context.app.get(FederatedEntrance), context.app.get(MailboxFacade)];
    const fails = (): Promise<never> => Promise.reject(new DependencyUnavailable());
    Object.assign(entrance, { welcome: fails });
    Object.assign(mailboxes, { tellOwnerOf: fails });
    const before = await newest();
    try {
      await expect(comes(known)).rejects.toThrow(DependencyUnavailable);
      const taken = comes(acme.identity({ email: known.email, emailProven: false }));
      if (isRequired) await expect(taken).rejects.toThrow(DependencyUnavailable);
      else expect((await taken).outcome).toBe('EMAIL_TAKEN');
    } finally {
      Reflect.deleteProperty(entrance, 'welcome');
      Reflect.deleteProperty(mailboxes, 'tellOwnerOf');
    }
    expect((await recorded(context.source, 'oauth.login')).slice(before)).toMatchObject([
      { outcome: 'success', user_id: userId },
      { outcome: 'failure', user_id: null, details: { reason: 'address_taken' } },
    ]);
  });

  it('meets the gate of every sign-in, and whom that refuses gets no identity linked', async () => {
    const [disabled, suspended] = [await aMember(), await aMember({}, { status: 'suspended' })];
    await context.source.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [disabled.userId]);
    for (const [member, reason] of [
      [disabled, 'disabled'],
      [suspended, 'tenant_suspended'],
    ] as const) {
      const identity = acme.identity({ email: emailOf(member) });
      expect((await comes(identity)).outcome).toBe('INVALID_CREDENTIALS');
      expect((await eventsOf(member.userId)).at(-1)).toBe(`auth.login failure ${reason}`);
      expect(await linksOf(member.userId)).toEqual([]);
    }
    const locked = await aMember();
    const wrong = aSignIn({ login: emailOf(locked), password: 'a wrong password indeed' });
    for (let n = 0; n < 5; n += 1) await expect(context.app.get(SignIn).execute(wrong)).rejects.toThrow();
    expect((await comes(acme.identity({ email: emailOf(locked) }))).outcome).toBe('INVALID_CREDENTIALS');
    expect((await eventsOf(locked.userId)).at(-1)).toBe('auth.login failure locked');
    expect(await linksOf(locked.userId)).toEqual([]);
  });

  it('keeps what the provider gave where that is to be kept, sealed, and nowhere else', async () => {
    const { userId } = await comes(acme.identity());
    const [link] = await linksOf(userId!);
    expect(link?.sealed === null).toBe(!isRequired);
    if (!isRequired) return;
    expect(link?.sealed?.toString('latin1')).not.toContain('the access token');
    const by = { userId: userId as UserId, tenantId: null } as never;
    expect(await context.app.get(OwnLinks).tokens(by, 'acme')).toMatchObject({
      accessToken: 'the access token of the provider',
      refreshToken: 'the refresh token of the provider',
    });
    expect((await eventsOf(userId!)).at(-1)).toBe('oauth.tokens_read success');
    const { userId: elses } = await comes(acme.identity());
    await context.source.query(`UPDATE linked_identities SET tokens_sealed = $2 WHERE user_id = $1`, [
      elses,
      link?.sealed,
    ]);
    const thief = { userId: elses as UserId, tenantId: null } as never;
    await expect(context.app.get(OwnLinks).tokens(thief, 'acme')).rejects.toThrow('altered or moved');
  });

  if (isRequired) return;

  it('is over after ten minutes, and forgotten then', async () => {
    const [inTime, late] = [await begin(), await begin()];
    context.clock.advance({ seconds: 599 });
    expect((await finish(inTime, acme.signsIn(inTime.state, acme.identity()))).kind).toBe('signed_in');
    context.clock.advance({ seconds: 1 });
    await expect(finish(late, acme.signsIn(late.state, acme.identity()))).rejects.toMatchObject({
      code: 'OAUTH_STATE_INVALID',
    });
    expect((await recorded(context.source, 'oauth.login')).at(-1)).toMatchObject({ details: { reason: 'expired' } });
    await begin();
    context.clock.advance({ seconds: 600 });
    expect(await context.app.get(RemoveEndedTransactions).execute()).toBeGreaterThan(0);
    expect(await counted(context.source, 'oauth_transactions')).toEqual({ oauth_transactions: 0 });
  });

  it('is no link for whoever has no session, and the provider is not asked for them', async () => {
    const { userId, tenantId } = await aMember();
    const linker = { kind: 'development', userId, tenantId, sessionId: null } as unknown as Principal;
    acme.failure = new ProviderUnavailable('late');
    const linking = begin(acme, { linker });
    await expect(linking).rejects.toMatchObject({ code: 'NOT_FOUND' });
    acme.failure = null;
  });

  it('ends once, of twenty answers that come at once', async () => {
    const begun = await begin();
    const identity = acme.identity();
    const codes = Array.from({ length: 20 }, () => acme.signsIn(begun.state, identity));
    const ends = await Promise.allSettled(codes.map((code) => finish(begun, code)));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = ends.flatMap((end) => (end.status === 'rejected' ? [(end.reason as { code: string }).code] : []));
    expect(new Set(refused)).toEqual(new Set(['OAUTH_STATE_INVALID']));
  });

  it.each([true, false])(
    'makes one account of many first sign-ins at once (address proven: %s)',
    async (emailProven) => {
      const identity = acme.identity({ emailProven });
      const all = await Promise.all(Array.from({ length: 8 }, () => begin()));
      const ends = await Promise.all(all.map((begun) => finish(begun, acme.signsIn(begun.state, identity))));
      expect(new Set(ends.map(({ kind }) => kind))).toEqual(new Set(['signed_in']));
      const users = await context.source.query<unknown[]>('SELECT id FROM users WHERE email_key = $1', [
        identity.email,
      ]);
      expect(users).toHaveLength(1);
    },
  );

  it('links one of two identities that come to an account at once', async () => {
    const member = await aMember();
    const identities = [1, 2].map(() => acme.identity({ email: emailOf(member) }));
    const all = await Promise.all(identities.map(() => begin()));
    const ends = await Promise.all(all.map((begun, at) => finish(begun, acme.signsIn(begun.state, identities[at]!))));
    expect(ends.map(({ kind }) => kind).sort()).toEqual(['refused', 'signed_in']);
    expect(await linksOf(member.userId)).toHaveLength(1);
  });

  it('leaves one of two identities whose links go at once from who has no password', async () => {
    const identity = acme.identity();
    const userId = (await comes(identity)).userId as UserId;
    await context.source.query(LINK, [randomUUID(), userId, 'other', other.issuer, randomUUID()]);
    const by = { userId, tenantId: null } as unknown as Principal;
    const unlink = (provider: string): Promise<void> => context.app.get(UnlinkIdentity).execute(by, provider);
    const second = await interleaved(
      context,
      () => unlink('acme'),
      () => unlink('other'),
    );
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'CONFLICT' } });
    expect(await linksOf(userId)).toMatchObject([{ provider: 'other' }]);
  });

  it('is nobody’s where the provider proves nothing, or is away, which is on record', async () => {
    const begun = await begin();
    const refused = await finish(begun, 'no code at all');
    expect(refused).toMatchObject({ kind: 'refused', error: { code: 'INVALID_CREDENTIALS' }, redirectUri: TARGET });
    const [declined, failed] = [await begin(), await begin()];
    const denied = await finish(declined, '', { answer: { kind: 'error', error: 'access_denied' } });
    expect(denied).toMatchObject({ kind: 'refused', redirectUri: TARGET });
    acme.failure = new ProviderUnavailable('late');
    await expect(finish(failed, 'any')).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
    acme.failure = null;
    expect((await recorded(context.source, 'oauth.login')).slice(-3).map(({ details }) => details.reason)).toEqual([
      'code_refused',
      'declined',
      'provider_unavailable',
    ]);
  });

  it('is undone as a whole when it cannot be recorded', async () => {
    const identity = acme.identity();
    const begun = await begin();
    const code = acme.signsIn(begun.state, identity);
    const before = await counted(context.source, 'users', 'tenants', 'linked_identities', 'sessions');
    await context.source.query('ALTER TABLE linked_identities RENAME TO gone');
    await expect(finish(begun, code)).rejects.toThrow();
    await context.source.query('ALTER TABLE gone RENAME TO linked_identities');
    expect(await counted(context.source, 'users', 'tenants', 'linked_identities', 'sessions')).toEqual(before);
  });

  it('takes links of before away when the owner of the mailbox shows, and keeps what the account was made with', async () => {
    const made = await comes(acme.identity({ emailProven: false }));
    const withPassword = await aMember({ emailVerified: false });
    await context.source.query(LINK, [randomUUID(), withPassword.userId, 'acme', acme.issuer, randomUUID()]);
    for (const user of [made.userId!, withPassword.userId]) {
      await context.app.get(UnitOfWork).run(() => context.app.get(VerifyEmail).prove(user as UserId));
    }
    expect(await linksOf(made.userId!)).toHaveLength(1);
    expect(await linksOf(withPassword.userId)).toEqual([]);
  });
});
