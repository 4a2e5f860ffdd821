import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { DependencyUnavailable, RateLimitExceeded } from '../../../src/kernel/domain-error';
import { Users } from '../../../src/modules/identity/application/users.port';
import type { NewUser } from '../../../src/modules/identity/domain/user';
import { InvalidCredentials } from '../../../src/modules/identity/identity.facade';
import { LockoutFacade } from '../../../src/modules/identity/lockout.facade';
import { MfaFacade } from '../../../src/modules/mfa/mfa.facade';
import { TrustedDevicesFacade } from '../../../src/modules/mfa/trusted-devices.facade';
import type { GivenChallenge } from '../../../src/modules/signin/application/challenges/give-challenge';
import { SendChallengeCode } from '../../../src/modules/signin/application/challenges/send-challenge-code';
import {
  type VerificationInput,
  VerifyChallenge,
} from '../../../src/modules/signin/application/challenges/verify-challenge';
import { SignIn, type SignInInput } from '../../../src/modules/signin/application/sign-in';
import { InvalidFactorCode } from '../../../src/modules/signin/domain/errors';
import type { TenantState } from '../../../src/modules/tenancy/domain/tenant';
import { Background } from '../../../src/platform/concurrency/background';
import { Database } from '../../../src/platform/database/database';
import { aClient } from '../../support/a-device';
import { aSignIn, type LetIn, letIn } from '../../support/a-sign-in';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { interleaved } from '../../support/gates';
import { InMemoryFactors, InMemoryTrustedDevices, RIGHT_CODE, WRONG_CODE } from '../../support/in-memory-factors';
import { PlainHasher, plainHash } from '../../support/plain-hasher';
import { recorded, type Recorded } from '../../support/recorded';
import { sabotage } from '../../support/sabotage';
import { type Member, Stored } from '../../support/stored';

const AT_ONCE = 20;
const ELSEWHERE = aClient({ ipAddress: '192.0.2.44', userAgent: 'another/1.0' });

describe('a sign-in with a second factor', () => {
  const factors = new InMemoryFactors();
  const devices = new InMemoryTrustedDevices();
  let context: TestContext;
  let stored: Stored;

  beforeAll(async () => {
    context = await aContext({
      hasher: new PlainHasher(),
      variables: { EMAIL_VERIFICATION: 'required', HASHING_QUEUE: '1000' },
      overrides: [
        [MfaFacade, factors],
        [TrustedDevicesFacade, devices],
      ],
    });
    stored = new Stored(context);
  });
  afterAll(() => context.stop());

  const aMember = (user: Partial<NewUser> = {}, tenant: Partial<TenantState> = {}): Promise<Member> =>
    stored.newMember({ passwordHash: plainHash(PASSWORD), ...user }, tenant);
  /** A member with an authenticator and backup codes. */
  const anEnrolled = async (user: Partial<NewUser> = {}): Promise<Member> => {
    const member = await aMember(user);
    factors.enrol(member.userId);
    return member;
  };
  const loginOf = ({ userId }: Member): string => `${userId}@example.com`;
  const signIn = (member: Member, input: Partial<SignInInput> = {}) =>
    context.app.get(SignIn).execute(aSignIn({ login: loginOf(member), ...input }));
  const challenged = async (member: Member, input: Partial<SignInInput> = {}): Promise<GivenChallenge> => {
    const result = await signIn(member, input);
    if (result.kind !== 'challenged') throw new Error('Nobody asked for a second factor');
    return result.challenge;
  };
  const verify = ({ token }: Pick<GivenChallenge, 'token'>, input: Partial<VerificationInput> = {}): Promise<LetIn> =>
    context.app.get(VerifyChallenge).execute({
      challengeId: token,
      method: 'totp',
      code: RIGHT_CODE,
      rememberDevice: null,
      deviceToken: null,
      client: aClient(),
      ...input,
    });
  const wrong = async (challenge: GivenChallenge, times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      await expect(verify(challenge, { code: WRONG_CODE })).rejects.toThrow(InvalidFactorCode);
    }
  };
  const update = (sql: string, ...values: unknown[]): Promise<unknown> => context.source.query(sql, values);
  const eventsOf = async ({ userId }: Member): Promise<Recorded[]> =>
    (await recorded(context.source)).filter(({ user_id }) => user_id === userId);
  const sessionsOf = ({
    userId,
  }: Member): Promise<{ amr: string[]; device_trusted_in: string | null; tenant: string }[]> =>
    context.source.query(
      `SELECT authentication_methods AS amr, device_trusted_in, tenant_id AS tenant FROM sessions WHERE user_id = $1`,
      [userId],
    );
  const challengesOf = ({ userId }: Member): Promise<{ wrong_codes: number }[]> =>
    context.source.query('SELECT wrong_codes FROM challenges WHERE user_id = $1', [userId]);
  const lastLogin = async ({ userId }: Member): Promise<Date | null | undefined> =>
    (
      await context.source.query<{ at: Date | null }[]>('SELECT last_login_at AS at FROM users WHERE id = $1', [userId])
    )[0]?.at;

  describe('after the right password', () => {
    it('is a challenge and no session, and on record as what it is', async () => {
      const member = await anEnrolled();
      expect(await challenged(member)).toEqual({
        token: expect.stringMatching(/^[\w-]{43}$/) as string,
        methods: ['totp', 'backup_codes'],
        expiresInSeconds: 300,
      });
      expect(await sessionsOf(member)).toEqual([]);
      expect(await lastLogin(member)).toBeNull();
      expect(await eventsOf(member)).toMatchObject([
        {
          action: 'auth.mfa_challenged',
          outcome: 'success',
          tenant_id: member.tenantId,
          details: { methods: ['totp', 'backup_codes'], risk: [] },
        },
      ]);
    });

    it('leaves nothing in the database by which the challenge could be passed', async () => {
      const member = await anEnrolled();
      const { token } = await challenged(member);
      const sql = 'SELECT c::text AS row FROM challenges c WHERE user_id = $1';
      const [found] = await context.source.query<{ row: string }[]>(sql, [member.userId]);
      expect(found?.row).not.toContain(token);
      expect(found?.row).not.toContain(Buffer.from(token, 'base64url').toString('hex'));
    });

    it('forgives the wrong passwords of before, and no wrong code', async () => {
      const member = await anEnrolled();
      const challenge = await challenged(member);
      await wrong(challenge, 4);
      await expect(signIn(member, { password: `${PASSWORD}!` })).rejects.toThrow(InvalidCredentials);
      await challenged(member);
      const lockouts = await context.source.query<unknown[]>('SELECT failures FROM lockouts WHERE account = $1', [
        member.userId,
      ]);
      expect(lockouts).toEqual([{ failures: 0 }]);
      expect((await challengesOf(member)).map(({ wrong_codes }) => wrong_codes).sort()).toEqual([0, 4]);
    });

    it('is asked for where all factors are held or stopped too, with nothing to show it by', async () => {
      const member = await aMember();
      factors.enrol(member.userId, []);
      const challenge = await challenged(member);
      expect(challenge.methods).toEqual([]);
      await expect(verify(challenge)).rejects.toThrow(InvalidFactorCode);
    });

    it('is asked for by no wrong password', async () => {
      const member = await anEnrolled();
      await expect(signIn(member, { password: `${PASSWORD}!` })).rejects.toThrow(InvalidCredentials);
      expect(await challengesOf(member)).toEqual([]);
    });
  });

  describe('that is not there', () => {
    const demand = ({ tenantId }: Member): Promise<unknown> =>
      update('UPDATE tenants SET second_factor_required = true WHERE id = $1', tenantId);

    it('confines the session where the tenant demands one: its tokens grant nothing', async () => {
      const member = await aMember();
      await demand(member);
      const { tokens } = letIn(await signIn(member));
      expect(tokens).toMatchObject({ confined: true, scope: '' });
      expect(decodeJwt(tokens.accessToken)).toMatchObject({ roles: [], permissions: [], scope: '', acr: 'aal1' });
    });

    it('confines none where nobody demands one', async () => {
      const { tokens } = letIn(await signIn(await aMember()));
      expect(tokens).toMatchObject({ confined: false, scope: 'read write' });
      expect(decodeJwt(tokens.accessToken)).toMatchObject({ roles: ['viewer'], scope: 'read write' });
    });

    it('keeps out whoever comes at a risk from which on the tenant asks for one', async () => {
      const member = await aMember();
      letIn(await signIn(member));
      await update('UPDATE tenants SET second_factor_above_risk = 1 WHERE id = $1', member.tenantId);
      await demand(member);
      await expect(signIn(member, { client: ELSEWHERE })).rejects.toThrow(InvalidCredentials);
      expect((await eventsOf(member)).at(-1)).toMatchObject({
        action: 'auth.login',
        outcome: 'failure',
        details: { reason: 'second_factor_missing' },
      });
    });
  });

  describe('and its right code', () => {
    it('is one session of two factors, which is when the user signed in', async () => {
      const member = await anEnrolled();
      const challenge = await challenged(member);
      context.clock.advance({ seconds: 30 });
      const { tokens, deviceToken } = await verify(challenge);
      expect(await sessionsOf(member)).toEqual([
        { amr: ['pwd', 'otp', 'mfa'], device_trusted_in: null, tenant: member.tenantId },
      ]);
      expect(decodeJwt(tokens.accessToken)).toMatchObject({
        sub: member.userId,
        tid: member.tenantId,
        acr: 'aal2',
        amr: ['pwd', 'otp', 'mfa'],
        roles: ['viewer'],
        auth_time: context.clock.now().getTime() / 1000,
      });
      expect([deviceToken, tokens.confined]).toEqual([null, false]);
      expect(await lastLogin(member)).toEqual(context.clock.now());
      expect(await challengesOf(member)).toEqual([]);
    });

    it('is on record with the risk of the password, without the code or the challenge', async () => {
      const member = await anEnrolled();
      await verify(await challenged(member));
      const challenge = await challenged(member, { client: ELSEWHERE });
      await wrong(challenge, 1);
      await verify(challenge, { client: ELSEWHERE });
      const scores = await context.source.query<{ action: string; risk_score: number }[]>(
        'SELECT action, risk_score FROM audit_events WHERE user_id = $1 ORDER BY sequence',
        [member.userId],
      );
      const [asked, login] = [scores.at(-3), scores.at(-1)];
      expect([asked?.action, login?.action]).toEqual(['auth.mfa_challenged', 'auth.login']);
      expect(login?.risk_score).toBeGreaterThan(0);
      expect(login?.risk_score).toBe(asked?.risk_score);
      const events = await eventsOf(member);
      expect(events.at(-1)).toMatchObject({ outcome: 'success', details: { amr: ['pwd', 'otp', 'mfa'] } });
      expect(events.at(-2)).toMatchObject({
        action: 'mfa.challenge_failed',
        outcome: 'failure',
        details: { method: 'totp', reason: 'code_wrong' },
      });
      for (const secret of [challenge.token, RIGHT_CODE, WRONG_CODE]) {
        expect(JSON.stringify(events.map(({ details }) => details))).not.toContain(secret);
      }
    });

    it('leads to the tenant the sign-in was for', async () => {
      const member = await anEnrolled();
      const { id } = await stored.tenant();
      await stored.member({ userId: member.userId, tenantId: id }, 'analyst');
      const { tokens } = await verify(await challenged(member, { tenant: id }));
      expect(tokens.tenantId).toBe(id);
    });

    it('is not confined, though the tenant demands a second factor by now', async () => {
      const member = await anEnrolled();
      const challenge = await challenged(member);
      await update('UPDATE tenants SET second_factor_required = true WHERE id = $1', member.tenantId);
      expect((await verify(challenge)).tokens.confined).toBe(false);
    });

    it('is compared for this challenge alone', async () => {
      const member = await anEnrolled();
      const challenge = await challenged(member);
      const sql = 'SELECT id FROM challenges WHERE user_id = $1';
      const [row] = await context.source.query<{ id: string }[]>(sql, [member.userId]);
      await verify(challenge);
      expect(factors.proven.at(-1)?.use).toEqual({ kind: 'challenge', id: row?.id });
    });

    it.each([
      ['sessions', 'INSERT'],
      ['challenges', 'DELETE'],
      ['audit_events', 'INSERT'],
    ] as const)('leaves everything as it was when %s cannot be written', async (table, operation) => {
      const member = await anEnrolled();
      const challenge = await challenged(member);
      const repair = await sabotage(context.source, table, operation);
      await expect(verify(challenge)).rejects.toThrow();
      await repair();
      expect([await sessionsOf(member), await lastLogin(member)]).toEqual([[], null]);
      await verify(challenge);
    });
  });

  describe('is refused with one error and its true reason on record, when', () => {
    type Case = (member: Member, challenge: GivenChallenge) => Promise<Partial<VerificationInput> | undefined>;

    it.each<[string, string, Case]>([
      ['the code is wrong', 'code_wrong', () => Promise.resolve({ code: WRONG_CODE })],
      ['the method is not enrolled', 'not_enrolled', () => Promise.resolve({ method: 'sms' })],
      ['the method cannot be enrolled', 'method_unavailable', () => Promise.resolve({ method: 'webauthn' })],
      [
        'its time is over',
        'challenge_expired',
        () => {
          context.clock.advance({ seconds: 300 });
          return Promise.resolve(undefined);
        },
      ],
      ['five codes were wrong', 'challenge_used_up', (_, challenge) => wrong(challenge, 5).then(() => undefined)],
      [
        'the account was disabled',
        'disabled',
        ({ userId }) => after(`UPDATE users SET status = 'disabled' WHERE id = $1`, userId),
      ],
      [
        'the address is not proven any more',
        'unverified',
        ({ userId }) => after('UPDATE users SET email_verified_at = NULL WHERE id = $1', userId),
      ],
      [
        'the password was changed, or whatever else protects the account',
        'stamp_changed',
        ({ userId }) => after('UPDATE users SET security_stamp = gen_random_uuid() WHERE id = $1', userId),
      ],
      [
        'the tenant was suspended',
        'tenant_suspended',
        ({ tenantId }) => after(`UPDATE tenants SET status = 'suspended' WHERE id = $1`, tenantId),
      ],
      [
        'the tenant has locked the member',
        'tenant_not_a_member',
        ({ userId }) => after(`UPDATE memberships SET status = 'locked' WHERE user_id = $1`, userId),
      ],
      [
        'the user was removed from the tenant, though still in another',
        'tenant_not_a_member',
        async ({ userId, tenantId }) => {
          await stored.member({ userId, tenantId: (await stored.tenant()).id });
          return after('DELETE FROM memberships WHERE user_id = $1 AND tenant_id = $2', userId, tenantId);
        },
      ],
    ])('%s', async (_, reason, arrange) => {
      const member = await anEnrolled();
      const challenge = await challenged(member);
      const input = await arrange(member, challenge);
      const refusal: unknown = await verify(challenge, input ?? {}).catch((error: unknown) => error);
      expect(refusal).toEqual(new InvalidFactorCode());
      expect(Object.entries(refusal as object)).toEqual(Object.entries(new InvalidFactorCode()));
      expect((await eventsOf(member)).at(-1)).toMatchObject({
        action: 'mfa.challenge_failed',
        outcome: 'failure',
        tenant_id: member.tenantId,
        details: { reason },
      });
      expect(await sessionsOf(member)).toEqual([]);
    });

    it('it has been passed', async () => {
      const member = await anEnrolled();
      const challenge = await challenged(member);
      await verify(challenge);
      await expect(verify(challenge)).rejects.toEqual(new InvalidFactorCode());
      expect(await sessionsOf(member)).toHaveLength(1);
    });

    it.each(['', 'x', 'A'.repeat(43), 'A'.repeat(128), randomUUID(), '\u0000'])('there is none: %j', async (token) => {
      await expect(verify({ token })).rejects.toEqual(new InvalidFactorCode());
      const last = (await recorded(context.source, 'mfa.challenge_failed')).at(-1);
      expect(last).toMatchObject({ user_id: null, details: { method: 'totp', reason: 'challenge_unknown' } });
    });

    it('it is named by the id of its row', async () => {
      const member = await anEnrolled();
      await challenged(member);
      const [row] = await context.source.query<{ id: string }[]>('SELECT id FROM challenges WHERE user_id = $1', [
        member.userId,
      ]);
      await expect(verify({ token: row!.id })).rejects.toThrow(InvalidFactorCode);
    });

    it('the code is that of somebody else', async () => {
      const [ann, bob] = [await aMember(), await anEnrolled()];
      factors.enrol(ann.userId, []);
      const [hers] = [await challenged(ann), await challenged(bob)];
      await expect(verify(hers)).rejects.toThrow(InvalidFactorCode);
      expect([await sessionsOf(ann), await sessionsOf(bob)]).toEqual([[], []]);
    });

    async function after(sql: string, ...values: unknown[]): Promise<undefined> {
      await update(sql, ...values);
    }
  });

  describe('after wrong codes', () => {
    it('stands five of them, whatever they were said to be, and compares nothing more', async () => {
      const member = await anEnrolled();
      const challenge = await challenged(member);
      for (const method of ['totp', 'sms', 'email', 'backup_codes', 'webauthn']) {
        await expect(verify(challenge, { method, code: WRONG_CODE })).rejects.toThrow(InvalidFactorCode);
      }
      const [before, slow] = [factors.proven.length, factors.prepared];
      await expect(verify(challenge)).rejects.toThrow(InvalidFactorCode);
      expect([factors.proven.length, factors.prepared]).toEqual([before, slow]);
      await verify(await challenged(member));
    });

    it('compares five of twenty that come at once', async () => {
      const member = await anEnrolled();
      const challenge = await challenged(member);
      const before = factors.proven.length;
      const attempts = Array.from({ length: AT_ONCE }, () => verify(challenge, { code: WRONG_CODE }));
      for (const settled of await Promise.allSettled(attempts)) {
        expect(settled).toMatchObject({ status: 'rejected', reason: expect.any(InvalidFactorCode) as unknown });
      }
      expect(factors.proven.length - before).toBe(5);
      await expect(verify(challenge)).rejects.toThrow(InvalidFactorCode);
    });

    it('of the account elsewhere says how long to wait, and counts nothing against the challenge', async () => {
      const member = await anEnrolled();
      const challenge = await challenged(member);
      factors.stop(member.userId, 417);
      const refusal: unknown = await verify(challenge).catch((error: unknown) => error);
      expect(refusal).toEqual(new RateLimitExceeded(417));
      expect(await challengesOf(member)).toEqual([{ wrong_codes: 0 }]);
      expect((await eventsOf(member)).at(-1)).toMatchObject({
        action: 'mfa.challenge_failed',
        details: { method: 'totp', reason: 'too_many' },
      });
    });
  });

  describe('many times at once', () => {
    it('opens exactly one session by one challenge, however often its right code comes', async () => {
      const member = await anEnrolled();
      const challenge = await challenged(member);
      const settled = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => verify(challenge)));
      const lost = settled.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []));
      expect(lost).toEqual(Array.from({ length: AT_ONCE - 1 }, () => new InvalidFactorCode()));
      expect(await sessionsOf(member)).toHaveLength(1);
      const logins = (await eventsOf(member)).filter(({ action }) => action === 'auth.login');
      expect(logins).toHaveLength(1);
    });

    it.each<[string, string, (member: Member) => Promise<unknown>]>([
      [
        'the password is changed',
        'stamp_changed',
        async ({ userId }) => {
          const user = (await context.app.get(Users).take(userId))!;
          user.renewStamp(randomUUID(), context.clock.now());
          await context.app.get(Users).save(user);
        },
      ],
      [
        'the member is removed',
        'tenant_not_a_member',
        ({ userId }) => context.app.get(Database).writer.query('DELETE FROM memberships WHERE user_id = $1', [userId]),
      ],
    ])('opens none while %s', async (_, reason, change) => {
      const member = await anEnrolled();
      const challenge = await challenged(member);
      const settled = await interleaved(
        context,
        () => change(member),
        () => verify(challenge),
      );
      expect(settled).toEqual({ status: 'rejected', reason: new InvalidFactorCode() });
      expect(await sessionsOf(member)).toEqual([]);
      expect((await eventsOf(member)).at(-1)).toMatchObject({ details: { reason } });
    });

    it('opens none while the account is erased, and does not stand in its way', async () => {
      const member = await anEnrolled();
      const challenge = await challenged(member);
      const erase = async (): Promise<void> => {
        const { writer } = context.app.get(Database);
        await writer.query('DELETE FROM memberships WHERE user_id = $1', [member.userId]);
        await writer.query('DELETE FROM users WHERE id = $1', [member.userId]);
      };
      const settled = await interleaved(context, erase, () => verify(challenge));
      expect(settled).toEqual({ status: 'rejected', reason: new InvalidFactorCode() });
      expect(await challengesOf(member)).toEqual([]);
    });
  });

  describe('on a device', () => {
    const isKnown = (login: string, token: string): boolean =>
      context.app.get(LockoutFacade).isDeviceThatSignedInAs(login, token);
    const aTrustedDevice = async (member: Member, input: Partial<SignInInput> = {}): Promise<string> => {
      const { deviceToken } = await verify(await challenged(member, { rememberDevice: true, ...input }));
      if (deviceToken === null) throw new Error('There is no token of the device');
      return deviceToken;
    };

    it('that is to be remembered is known and trusted from then on, and asked no more', async () => {
      const member = await anEnrolled();
      const deviceToken = await aTrustedDevice(member);
      expect(isKnown(loginOf(member), deviceToken)).toBe(true);
      const { tokens, deviceToken: again } = letIn(await signIn(member, { deviceToken }));
      expect(decodeJwt(tokens.accessToken)).toMatchObject({ acr: 'aal1', amr: ['pwd'] });
      expect(again).toBeNull();
      expect((await sessionsOf(member)).map(({ device_trusted_in: there }) => there)).toEqual(
        expect.arrayContaining([null, member.tenantId]),
      );
    });

    it('that is trusted keeps the very token it showed, when it asks to be remembered again', async () => {
      const member = await anEnrolled();
      const deviceToken = await aTrustedDevice(member);
      const before = devices.size;
      context.clock.advance({ seconds: 60 });
      const again = letIn(await signIn(member, { deviceToken, rememberDevice: true }));
      expect([again.deviceToken, devices.size]).toEqual([deviceToken, before]);
    });

    it('that is trusted is not confined where the tenant demands a second factor', async () => {
      const member = await anEnrolled();
      const deviceToken = await aTrustedDevice(member);
      await update('UPDATE tenants SET second_factor_required = true WHERE id = $1', member.tenantId);
      expect(letIn(await signIn(member, { deviceToken })).tokens.confined).toBe(false);
    });

    it.each([
      ['as was said with the password', true, null, true],
      ['as was said with the code', false, true, true],
      ['as was said with the code, whatever was with the password', true, false, false],
      ['not of itself', false, null, false],
    ])('is remembered %s', async (_, atFirst, atLast, remembered) => {
      const member = await anEnrolled();
      const before = devices.size;
      const challenge = await challenged(member, { rememberDevice: atFirst });
      const { deviceToken } = await verify(challenge, { rememberDevice: atLast });
      expect([deviceToken !== null, devices.size - before]).toEqual([remembered, remembered ? 1 : 0]);
    });

    it('is known by the name its user signs in by, and stays the device it was', async () => {
      const username = `ann-${randomUUID().slice(0, 8)}`;
      const member = await anEnrolled({ username });
      const first = await aTrustedDevice(member, { login: username });
      expect([isKnown(username, first), isKnown(loginOf(member), first)]).toEqual([true, false]);
      const second = await aTrustedDevice(member, { tenant: await another(member), deviceToken: first });
      expect([isKnown(username, second), isKnown(loginOf(member), second)]).toEqual([false, true]);
      // Behind the version and the user.
      const deviceIn = (token: string): string => Buffer.from(token.slice(5), 'base64url').toString('hex', 17, 33);
      expect(deviceIn(second)).toBe(deviceIn(first));
    });

    it('that was remembered without a second factor is not trusted once there is one', async () => {
      const member = await aMember();
      const { deviceToken } = letIn(await signIn(member, { rememberDevice: true }));
      factors.enrol(member.userId);
      await challenged(member, { deviceToken });
    });

    it.each<[string, (member: Member) => Promise<Partial<SignInInput>>]>([
      ['in another tenant', async (member) => ({ tenant: await another(member) })],
      [
        'once what protects the account has changed',
        async ({ userId }) => {
          await update('UPDATE users SET security_stamp = gen_random_uuid() WHERE id = $1', userId);
          return {};
        },
      ],
      [
        'at a risk from which on the tenant asks for a second factor',
        async ({ tenantId }) => {
          await update('UPDATE tenants SET second_factor_above_risk = 1 WHERE id = $1', tenantId);
          return { client: ELSEWHERE };
        },
      ],
      ['that shows no token', () => Promise.resolve({ deviceToken: null })],
    ])('that is trusted is asked all the same %s', async (_, arrange) => {
      const member = await anEnrolled();
      const deviceToken = await aTrustedDevice(member);
      await challenged(member, { deviceToken, ...(await arrange(member)) });
    });

    it('of somebody else is asked', async () => {
      const [ann, bob] = [await anEnrolled(), await anEnrolled()];
      await challenged(bob, { deviceToken: await aTrustedDevice(ann) });
    });

    it('is not looked at for who is refused, has no factor, or is asked at such a risk anyway', async () => {
      const risky = await anEnrolled();
      const shown = { deviceToken: await aTrustedDevice(risky), client: ELSEWHERE };
      await update('UPDATE tenants SET second_factor_above_risk = 1 WHERE id = $1', risky.tenantId);
      const before = devices.asked.length;
      await challenged(risky, shown);
      letIn(await signIn(await aMember(), { deviceToken: 'x' }));
      await expect(signIn(await anEnrolled(), { deviceToken: 'x', password: 'y' })).rejects.toThrow(InvalidCredentials);
      expect(devices.asked).toHaveLength(before);
    });

    async function another({ userId }: Member): Promise<string> {
      const { id } = await stored.tenant();
      await stored.member({ userId, tenantId: id });
      return id;
    }
  });

  describe('whose code is sent', () => {
    const send = async (token: string): Promise<unknown[]> => {
      const before = factors.sent.length;
      await context.app.get(SendChallengeCode).execute(token, 'sms', null);
      await context.app.get(Background).idle();
      return factors.sent.slice(before);
    };

    it('gets it for this challenge, at the expense of the tenant', async () => {
      const member = await anEnrolled();
      const { token } = await challenged(member);
      const [row] = await context.source.query<{ id: string }[]>('SELECT id FROM challenges WHERE user_id = $1', [
        member.userId,
      ]);
      expect(await send(token)).toEqual([{ ...member, method: 'sms', use: { kind: 'challenge', id: row?.id } }]);
    });

    it('may have wrong codes behind it, which asking for another does not take back', async () => {
      const member = await anEnrolled();
      const challenge = await challenged(member);
      await wrong(challenge, 3);
      expect(await send(challenge.token)).toHaveLength(1);
      expect(await challengesOf(member)).toEqual([{ wrong_codes: 3 }]);
    });

    it('gets none where there is no challenge, or it has ended', async () => {
      const [spent, tried, late] = [await anEnrolled(), await anEnrolled(), await anEnrolled()];
      const challenges = [await challenged(spent), await challenged(tried), await challenged(late)] as const;
      await verify(challenges[0]);
      await wrong(challenges[1], 5);
      context.clock.advance({ seconds: 300 });
      for (const token of ['', 'A'.repeat(43), ...challenges.map(({ token }) => token)]) {
        const before = factors.asked;
        expect(await send(token)).toEqual([]);
        // As much is asked as for one there is: neither answer nor time tells.
        expect(factors.asked).toBe(before + 1);
      }
    });

    it.each([
      ['the account is disabled', "UPDATE users SET status = 'disabled' WHERE id = $1", 'userId'],
      [
        'the account is under another stamp',
        'UPDATE users SET security_stamp = gen_random_uuid() WHERE id = $1',
        'userId',
      ],
      ['the tenant is suspended', "UPDATE tenants SET status = 'suspended' WHERE id = $1", 'tenantId'],
    ] as const)('gets none once %s', async (_, sql, whose) => {
      const member = await anEnrolled();
      const { token } = await challenged(member);
      await update(sql, member[whose]);
      expect(await send(token)).toEqual([]);
    });

    it('is told when nobody can say whether there is room for one more, or whether there is such a challenge', async () => {
      const { token } = await challenged(await anEnrolled());
      const sending = async (each: string): Promise<void> =>
        context.app.get(SendChallengeCode).execute(each, 'sms', null);
      factors.isAway = true;
      try {
        for (const each of [token, 'A'.repeat(43)]) {
          await expect(sending(each)).rejects.toThrow(DependencyUnavailable);
        }
      } finally {
        factors.isAway = false;
      }
      await update('ALTER TABLE challenges RENAME TO away');
      try {
        await expect(sending(token)).rejects.toThrow('challenges');
      } finally {
        await update('ALTER TABLE away RENAME TO challenges');
      }
    });
  });
});
