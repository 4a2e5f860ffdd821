import { decodeJwt } from 'jose';
import type { SessionId } from '../../../src/kernel/ids';
import { RequestEmailChange } from '../../../src/modules/identity/application/mailbox/request-email-change';
import { ConfirmEmailChange } from '../../../src/modules/identity/application/mailbox/confirm-email-change';
import { RequestPasswordReset } from '../../../src/modules/identity/application/mailbox/request-password-reset';
import { ResetPassword } from '../../../src/modules/identity/application/mailbox/reset-password';
import { SendVerification } from '../../../src/modules/identity/application/mailbox/send-verification';
import { VerifyEmail } from '../../../src/modules/identity/application/mailbox/verify-email';
import { ChangePassword } from '../../../src/modules/identity/application/passwords/change-password';
import { InvalidCredentials, LinkNotGood } from '../../../src/modules/identity/domain/errors';
import type { NewUser } from '../../../src/modules/identity/domain/user';
import { FederatedUsersFacade } from '../../../src/modules/identity/federated-users.facade';
import { IdentityFacade } from '../../../src/modules/identity/identity.facade';
import { VerifyChallenge } from '../../../src/modules/signin/application/challenges/verify-challenge';
import { FamiliarPlaces } from '../../../src/modules/signin/application/familiar-places.port';
import {
  type Entry,
  FederatedEntrance,
  type FederatedWish,
  type SignInResult,
} from '../../../src/modules/signin/federated-entrance.facade';
import { TenancyFacade } from '../../../src/modules/tenancy/tenancy.facade';
import { ApiKeys } from '../../../src/modules/tokens/application/api-keys/api-keys.port';
import { LiveSessions } from '../../../src/modules/tokens/application/sessions/live-sessions.port';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { aClient } from '../../support/a-device';
import { anApiKey } from '../../support/an-api-key';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { GuessedAccount, networkNo, WRONG } from '../../support/guessed-account';
import { Mailboxes } from '../../support/mailboxes';
import { PlainHasher } from '../../support/plain-hasher';
import { type Recorded, recorded } from '../../support/recorded';
import { type Enrolled, SecondFactors } from '../../support/second-factors';
import { type Member, Stored } from '../../support/stored';

const AT_ONCE = 10;
const NEXT = 'a wholly new phrase to remember';
const ELSEWHERE = aClient({ ipAddress: '192.0.2.44', userAgent: 'another/1.0' });
const AT_HOME = { device: '1.laptop', network: '203.0.113.0/24' };
/** All that is left of whoever made an account. */
const LEFT = `SELECT (SELECT count(*)::int FROM sessions WHERE user_id = $1 AND revoked_at IS NULL) AS sessions,
  (SELECT count(*)::int FROM api_keys WHERE owner_id = $1 AND revoked_at IS NULL) AS keys,
  (SELECT count(*)::int FROM factors WHERE user_id = $1) AS factors,
  (SELECT count(*)::int FROM trusted_devices WHERE user_id = $1) AS devices,
  (SELECT count(*)::int FROM mailed_secrets WHERE user_id = $1) AS mailed`;
const NOTHING = { sessions: 0, keys: 0, factors: 0, devices: 0, mailed: 0 };

/** Everything of this process but the other issuer, which is believed already. */
describe('somebody for whom another issuer vouches', () => {
  let context: TestContext;
  let stored: Stored;
  let people: SecondFactors;
  let mailboxes: Mailboxes;

  beforeAll(async () => {
    const variables = { EMAIL_VERIFICATION: 'required', RATE_LIMITS: 'off' };
    context = await aContext({ hasher: new PlainHasher(), variables });
    [stored, people, mailboxes] = [new Stored(context), new SecondFactors(context), new Mailboxes(context)];
  });
  afterAll(() => context.stop());

  const run = <T>(work: () => Promise<T>): Promise<T> => context.app.get(UnitOfWork).run(work);
  const entrance = (): FederatedEntrance => context.app.get(FederatedEntrance);
  const users = (): FederatedUsersFacade => context.app.get(FederatedUsersFacade);
  const update = (sql: string, ...values: unknown[]): Promise<unknown> => context.source.query(sql, values);
  const enter = ({ userId }: Pick<Member, 'userId'>, wish: Partial<FederatedWish> = {}): Promise<Entry> =>
    run(() => entrance().enter(userId, { tenant: null, client: aClient(), deviceToken: null, ...wish }));
  const entered = async (member: Pick<Member, 'userId'>, wish?: Partial<FederatedWish>): Promise<SignInResult> => {
    const entry = await enter(member, wish);
    if (entry.kind === 'refused') throw new Error(`Refused: ${entry.reason}`);
    return entrance().welcome(entry);
  };
  const challenged = async (member: Pick<Member, 'userId'>, wish?: Partial<FederatedWish>): Promise<string> => {
    const result = await entered(member, wish);
    if (result.kind !== 'challenged') throw new Error('Nobody asked for a second factor');
    return result.challenge.token;
  };
  const passed = ({ authenticator }: Enrolled, challengeId: string, rememberDevice: boolean) => {
    context.clock.advance({ seconds: 60 });
    const code = authenticator.codeAt(context.clock.now());
    const shown = { challengeId, method: 'totp', code, rememberDevice, deviceToken: null, client: aClient() };
    return context.app.get(VerifyChallenge).execute(shown);
  };
  const eventsOf = async ({ userId }: Pick<Member, 'userId'>, action: string): Promise<Recorded[]> =>
    (await recorded(context.source, action)).filter(({ user_id }) => user_id === userId);
  /** What spoke against the last sign-in. */
  const riskOf = async (member: Pick<Member, 'userId'>, action: string): Promise<unknown> =>
    (await eventsOf(member, action)).at(-1)?.details.risk;
  const federated = { passwordHash: null };

  it('is in, by one factor, and on record as whoever signs in', async () => {
    const member = await stored.newMember(federated);
    const result = await entered(member);
    if (result.kind !== 'signed_in') throw new Error('A second factor is asked for');
    const claims = decodeJwt(result.tokens.accessToken);
    expect(claims).toMatchObject({ sub: member.userId, amr: ['fed'], acr: 'aal1', tid: member.tenantId });
    expect(claims.auth_time).toBe(context.clock.now().getTime() / 1000);
    const [row] = await context.source.query<{ at: Date }[]>('SELECT last_login_at AS at FROM users WHERE id = $1', [
      member.userId,
    ]);
    expect(row?.at).toEqual(context.clock.now());
    expect(await eventsOf(member, 'auth.login')).toMatchObject([
      { outcome: 'success', tenant_id: member.tenantId, details: { amr: ['fed'], risk: [] } },
    ]);
  });

  it('is in an account that was made in the same unit of work', async () => {
    const names = { firstName: 'Ann', lastName: 'Exa\nmple' };
    const draft = users().draft({ email: 'ann.new@example.com', emailVerified: true, ...names });
    const entry = await run(async () => {
      await context.app.get(IdentityFacade).addUser(draft);
      await context.app.get(TenancyFacade).open({ name: 'Ann', kind: 'personal', owner: draft.id });
      return entrance().enter(draft.id, { tenant: null, client: aClient(), deviceToken: null });
    });
    expect(entry.kind).toBe('granted');
    expect(await run(() => users().hasPassword(draft.id))).toBe(false);
    expect(await context.app.get(IdentityFacade).users.find(draft.id)).toMatchObject({
      firstName: 'Ann',
      lastName: null,
      emailVerified: true,
    });
  });

  it.each<readonly [string, string, Partial<NewUser>, string]>([
    ['is disabled', 'disabled', {}, `UPDATE users SET status = 'disabled' WHERE id = $1`],
    ['has an address nobody proved', 'unverified', { emailVerified: false }, 'SELECT $1::text'],
    [
      'is of a suspended tenant',
      'tenant_suspended',
      {},
      `UPDATE tenants SET status = 'suspended' WHERE id IN (SELECT tenant_id FROM memberships WHERE user_id = $1)`,
    ],
    [
      'is outside the networks of the tenant',
      'outside_networks',
      {},
      `UPDATE tenants SET ip_allowlist = '{10.0.0.0/8}' WHERE id IN (SELECT tenant_id FROM memberships WHERE user_id = $1)`,
    ],
  ])('gets in as little as by a password who %s (MF-12)', async (_, reason, user, sql) => {
    const member = await stored.newMember({ ...federated, ...user });
    await update(sql, member.userId);
    expect(await enter(member)).toEqual({ kind: 'refused', reason });
    expect(await eventsOf(member, 'auth.login')).toMatchObject([{ outcome: 'failure', details: { reason } }]);
    const sessions = await context.source.query<unknown[]>('SELECT FROM sessions WHERE user_id = $1', [member.userId]);
    expect(sessions).toEqual([]);
  });

  describe('whose account wrong passwords are tried on', () => {
    it('has to wait where a password would, and nowhere else; nothing is counted or forgiven by that', async () => {
      const account = await GuessedAccount.in(context);
      const device = await account.knownDevice();
      await account.wrong(5, networkNo(1));
      const before = await account.state();
      expect(await enter(account, networkNo(1))).toEqual({ kind: 'refused', reason: 'locked' });
      expect(await enter(account, networkNo(2))).toMatchObject({ kind: 'granted' });
      expect(await enter(account, { ...networkNo(1), deviceToken: device })).toMatchObject({ kind: 'granted' });
      expect(await account.state()).toEqual(before);
      context.clock.advance({ seconds: 61 });
      expect(await enter(account, networkNo(1))).toMatchObject({ kind: 'granted' });
    });

    it('is kept out by the stop of all, but for a known device', async () => {
      const account = await GuessedAccount.in(context);
      const device = await account.knownDevice();
      await account.wrong(1);
      await update('UPDATE lockouts SET failures = 100, stopped_at = now() WHERE account = $1', account.userId);
      expect(await enter(account, { client: ELSEWHERE })).toEqual({ kind: 'refused', reason: 'locked' });
      expect(await enter(account, { client: ELSEWHERE, deviceToken: device })).toMatchObject({ kind: 'granted' });
    });
  });

  describe('who has no password that could be wrong', () => {
    it('is kept out by nobody who tries some', async () => {
      const account = new GuessedAccount(context, await stored.newMember(federated));
      await account.wrong(5, networkNo(1));
      await update('UPDATE lockouts SET failures = 100, stopped_at = now() WHERE account = $1', account.userId);
      expect(await enter(account, networkNo(1))).toMatchObject({ kind: 'granted' });
      expect((await account.state())?.failures).toBe(100);
    });

    it('is forgiven those that were tried before the account was reclaimed', async () => {
      const account = await GuessedAccount.in(context, { emailVerified: false });
      await account.wrong(5, networkNo(1));
      expect(await run(() => users().reclaim(account.userId, 'google'))).toBe(true);
      expect(await account.state()).toMatchObject({ failures: 0, stoppedAt: null, sources: {} });
      expect(await enter(account, networkNo(1))).toMatchObject({ kind: 'granted' });
    });
  });

  describe('who has a second factor', () => {
    it('shows it, and is known by two from then on', async () => {
      const enrolled = await people.anEnrolled(federated);
      const { tokens } = await passed(enrolled, await challenged(enrolled.by), false);
      expect(decodeJwt(tokens.accessToken)).toMatchObject({ amr: ['fed', 'otp', 'mfa'], acr: 'aal2' });
      expect(await eventsOf(enrolled.by, 'auth.mfa_challenged')).toHaveLength(1);
    });

    it('is spared it on a device that is trusted, unless too much speaks against that', async () => {
      const enrolled = await people.anEnrolled(federated);
      const { deviceToken } = await passed(enrolled, await challenged(enrolled.by), true);
      expect(deviceToken).not.toBeNull();
      expect(await entered(enrolled.by, { deviceToken })).toMatchObject({ kind: 'signed_in' });
      await update('UPDATE tenants SET second_factor_above_risk = 1 WHERE id = $1', enrolled.by.tenantId);
      // The network is a new one, though the device is known.
      await challenged(enrolled.by, { deviceToken, client: ELSEWHERE });
      expect(await riskOf(enrolled.by, 'auth.mfa_challenged')).not.toContain('new_device');
      expect(await entered(enrolled.by, { deviceToken })).toMatchObject({ kind: 'signed_in' });
    });

    it('is refused without one where the risk demands it', async () => {
      const member = await stored.newMember(federated);
      await entered(member);
      await update('UPDATE tenants SET second_factor_above_risk = 1 WHERE id = $1', member.tenantId);
      expect(await enter(member, { client: ELSEWHERE })).toEqual({ kind: 'refused', reason: 'second_factor_missing' });
      expect(await riskOf(member, 'auth.login')).toContain('new_device');
      expect(await enter(member)).toMatchObject({ kind: 'granted' });
    });

    it('passes no challenge of before once the account is reclaimed', async () => {
      const enrolled = await people.anEnrolled(federated);
      const challenge = await challenged(enrolled.by);
      await update('UPDATE users SET email_verified_at = NULL WHERE id = $1', enrolled.by.userId);
      expect(await run(() => users().reclaim(enrolled.by.userId, 'google'))).toBe(true);
      await expect(passed(enrolled, challenge, false)).rejects.toMatchObject({ code: 'MFA_CODE_INVALID' });
    });
  });

  describe('who has no password', () => {
    it('signs in by none, changes none, and sets the first one by mail', async () => {
      const account = new GuessedAccount(context, await stored.newMember(federated));
      const by = await people.callerOf(account.member);
      expect(await account.isOpenTo()).toBe(false);
      const change = context.app.get(ChangePassword).execute(by, PASSWORD, NEXT);
      await expect(change).rejects.toThrow(InvalidCredentials);
      expect((await account.state())?.failures).toBe(2);
      await context.app.get(RequestPasswordReset).execute(account.login);
      const link = await mailboxes.link(account.login, 'password-reset');
      await context.app.get(ResetPassword).execute(link, NEXT);
      expect(await account.isOpenTo({ password: NEXT })).toBe(true);
      expect(await run(() => users().hasPassword(account.userId))).toBe(true);
    });
  });

  describe('whose address somebody else registered before (RC-09)', () => {
    /** The account of a thief, who did all that can be done with it, before the address was to be proven. */
    const aThiefs = async (): Promise<GuessedAccount & { readonly session: SessionId }> => {
      const account = await GuessedAccount.in(context);
      const enrolled = await people.enrolled(await people.callerOf(account.member));
      await passed(enrolled, await challenged(account), true);
      await run(() => context.app.get(ApiKeys).add(anApiKey(account.member)));
      await context.app.get(RequestPasswordReset).execute(account.login);
      const change = { newEmail: `${account.userId}@thief.example`, ipAddress: null };
      await context.app.get(RequestEmailChange).execute(enrolled.by, change);
      await run(async () => context.app.get(FamiliarPlaces).remember(account.userId, AT_HOME, context.clock.now()));
      await update('UPDATE users SET email_verified_at = NULL WHERE id = $1', account.userId);
      await context.app.get(SendVerification).again(account.login);
      return Object.assign(account, { session: enrolled.by.sessionId! });
    };

    it('finds nothing of that in the account, and is in', async () => {
      const account = await aThiefs();
      const { app } = context;
      const reset = await mailboxes.link(account.login, 'password-reset');
      const change = await mailboxes.link(`${account.userId}@thief.example`, 'email-change');
      const verification = await mailboxes.link(account.login, 'email-verification');
      const [before] = await context.source.query<(typeof NOTHING)[]>(LEFT, [account.userId]);
      expect(Object.values(before!)).not.toContain(0);

      const entry = await run(async () => {
        expect(await users().reclaim(account.userId, 'google')).toBe(true);
        return entrance().enter(account.userId, { tenant: null, client: aClient(), deviceToken: null });
      });

      expect(entry.kind).toBe('granted');
      expect(await context.source.query(LEFT, [account.userId])).toEqual([{ ...NOTHING, sessions: 1 }]);
      const live = app.get(LiveSessions).find(account.session, account.member.tenantId, context.clock.now());
      expect(await live).toBeNull();
      expect(await run(() => users().hasPassword(account.userId))).toBe(false);
      expect(await account.isOpenTo()).toBe(false);
      await expect(app.get(ResetPassword).execute(reset, NEXT)).rejects.toThrow(LinkNotGood);
      await expect(app.get(ConfirmEmailChange).execute(change, null)).rejects.toThrow(LinkNotGood);
      await expect(app.get(VerifyEmail).execute(verification)).rejects.toThrow(LinkNotGood);
      expect(await app.get(FamiliarPlaces).recall(account.userId, AT_HOME, context.clock.now())).toMatchObject({
        deviceIsKnown: false,
      });
      expect(await eventsOf(account, 'user.reclaimed')).toMatchObject([{ details: { provider: 'google' } }]);
      expect(await mailboxes.last(account.login, 'second-factors-removed')).toMatchObject({ why: 'first_proof' });
    });

    it('reclaims it once of so many times at once, and never from whom proved it', async () => {
      const account = await GuessedAccount.in(context);
      await people.callerOf(account.member);
      await update('UPDATE users SET email_verified_at = NULL WHERE id = $1', account.userId);
      const times = Array.from({ length: AT_ONCE }, () => run(() => users().reclaim(account.userId, 'google')));
      expect((await Promise.all(times)).filter(Boolean)).toHaveLength(1);
      expect(await eventsOf(account, 'user.reclaimed')).toHaveLength(1);
      const ends = await context.source.query<unknown[]>('SELECT revoked_for FROM sessions WHERE user_id = $1', [
        account.userId,
      ]);
      expect(ends).toEqual([{ revoked_for: 'account_reclaimed' }]);

      const owner = await GuessedAccount.in(context);
      expect(await run(() => users().reclaim(owner.userId, 'google'))).toBe(false);
      expect(await owner.isOpenTo()).toBe(true);
      expect(await owner.isOpenTo({ password: WRONG })).toBe(false);
    });
  });
});
