import { randomUUID } from 'node:crypto';
import { hash as argon2 } from '@node-rs/argon2';
import { decodeJwt } from 'jose';
import { RateLimitExceeded } from '../../../src/kernel/domain-error';
import type { Principal } from '../../../src/kernel/principal';
import { Users } from '../../../src/modules/identity/application/users.port';
import { InvalidCredentials } from '../../../src/modules/identity/domain/errors';
import { MfaFacade } from '../../../src/modules/mfa/mfa.facade';
import { SignIn } from '../../../src/modules/signin/application/sign-in';
import { SendStepUpCode } from '../../../src/modules/signin/application/step-up/send-step-up-code';
import { StepUp } from '../../../src/modules/signin/application/step-up/step-up';
import { InvalidFactorCode } from '../../../src/modules/signin/domain/errors';
import { AuthenticateAccessToken } from '../../../src/modules/tokens/application/authenticate-access-token';
import { EndSession } from '../../../src/modules/tokens/application/sessions/end-session';
import { AccessTokenRefused } from '../../../src/modules/tokens/domain/errors';
import { aSignIn, letIn } from '../../support/a-sign-in';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { interleaved } from '../../support/gates';
import { InMemoryFactors, RIGHT_CODE, WRONG_CODE } from '../../support/in-memory-factors';
import { recorded } from '../../support/recorded';
import { sabotage } from '../../support/sabotage';
import { Stored } from '../../support/stored';

const PROOF = { kind: 'password', password: PASSWORD } as const;
const CODE = { kind: 'factor', method: 'totp', code: RIGHT_CODE } as const;
const OF_TESTS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

describe('proving again who one is', () => {
  const factors = new InMemoryFactors();
  let context: TestContext;
  let stepUp: StepUp;
  let passwordHash: string;
  let otherHash: string;

  beforeAll(async () => {
    passwordHash = await argon2(PASSWORD, OF_TESTS);
    otherHash = await argon2('a wholly new phrase to remember', OF_TESTS);
    context = await aContext({ overrides: [[MfaFacade, factors]] });
    stepUp = context.app.get(StepUp);
  });
  afterAll(() => context.stop());

  /** Somebody who signed in a while ago. */
  const aSignedInUser = async (): Promise<Principal> => {
    const { userId } = await new Stored(context).newMember({ passwordHash });
    const signedIn = letIn(await context.app.get(SignIn).execute(aSignIn({ login: `${userId}@example.com` })));
    const tokens = context.app.get(AuthenticateAccessToken);
    const by = await tokens.execute(await tokens.verify(signedIn.tokens.accessToken));
    context.clock.advance({ seconds: 30 });
    return by!;
  };
  const eventsOf = async ({ userId }: Principal) =>
    (await recorded(context.source, 'auth.step_up')).filter(({ user_id }) => user_id === userId);
  const provenAt = async ({ sessionId }: Principal): Promise<Date | undefined> => {
    const [row] = await context.source.query<{ at: Date }[]>(
      'SELECT authenticated_at AS at FROM sessions WHERE id = $1',
      [sessionId],
    );
    return row?.at;
  };

  it('gives an access token whose proof is of now, and says so in the session', async () => {
    const by = await aSignedInUser();
    const { accessToken } = await stepUp.execute(by, PROOF);
    expect(decodeJwt(accessToken).auth_time).toBe(context.clock.now().getTime() / 1000);
    expect(await provenAt(by)).toEqual(context.clock.now());
    expect(await eventsOf(by)).toMatchObject([{ outcome: 'success' }]);
  });

  it('is no proof by a password that is another one by the time it counts', async () => {
    const by = await aSignedInUser();
    const before = await provenAt(by);
    const settled = await interleaved(
      context,
      async (now) => {
        const user = (await context.app.get(Users).take(by.userId))!;
        user.changePassword({ hash: passwordHash, securityStamp: '' }, otherHash, randomUUID(), now);
        await context.app.get(Users).save(user);
      },
      () => stepUp.execute(by, PROOF),
    );
    expect(settled).toMatchObject({ status: 'rejected', reason: expect.any(InvalidCredentials) as unknown });
    expect(await provenAt(by)).toEqual(before);
    // On one connection the comparison itself comes too late.
    const reason = context.database.kind === 'postgres' ? 'changed_meanwhile' : 'wrong_password';
    expect(await eventsOf(by)).toMatchObject([{ outcome: 'failure', details: { reason } }]);
  });

  it('brings no session back that ends in the same moment', async () => {
    const by = await aSignedInUser();
    const settled = await interleaved(
      context,
      () => context.app.get(EndSession).executeById(by.sessionId!),
      () => stepUp.execute(by, PROOF),
    );
    expect(settled).toMatchObject({ status: 'rejected', reason: expect.any(AccessTokenRefused) as unknown });
    expect(await eventsOf(by)).toMatchObject([{ outcome: 'failure', details: { reason: 'session_ended' } }]);
  });

  it.each([
    ['sessions', 'UPDATE'],
    ['audit_events', 'INSERT'],
  ] as const)('leaves everything as it was when %s cannot be written', async (table, operation) => {
    const by = await aSignedInUser();
    const before = await provenAt(by);
    const repair = await sabotage(context.source, table, operation);
    await expect(stepUp.execute(by, PROOF)).rejects.toThrow();
    await repair();
    expect(await provenAt(by)).toEqual(before);
    expect(await eventsOf(by)).toEqual([]);
  });

  describe('by a second factor', () => {
    /** Signed in before there was one. */
    const anEnrolled = async (): Promise<Principal> => {
      const by = await aSignedInUser();
      factors.enrol(by.userId);
      return by;
    };
    const callerOf = async (accessToken: string): Promise<Principal | null> => {
      const tokens = context.app.get(AuthenticateAccessToken);
      return tokens.execute(await tokens.verify(accessToken));
    };

    it('gives an access token whose proof is of now, in a session that has shown two factors from then on', async () => {
      const by = await anEnrolled();
      const { accessToken } = await stepUp.execute(by, CODE);
      const proven = { acr: 'aal2', amr: ['pwd', 'otp', 'mfa'], sid: by.sessionId, tid: by.tenantId };
      const now = context.clock.now();
      expect(decodeJwt(accessToken)).toMatchObject({ ...proven, auth_time: now.getTime() / 1000 });
      expect(await provenAt(by)).toEqual(now);
      expect(await eventsOf(by)).toMatchObject([{ outcome: 'success', details: { amr: ['otp', 'mfa'] } }]);
      expect(factors.proven.at(-1)).toEqual({ code: RIGHT_CODE, use: { kind: 'session', id: by.sessionId } });
    });

    it('makes a session worth what it grants where the tenant demands one', async () => {
      const before = await anEnrolled();
      await context.source.query('UPDATE tenants SET second_factor_required = true WHERE id = $1', [before.tenantId]);
      context.clock.advance({ seconds: 2 }); // for a second the service believes what it knew of a session
      const by = { ...before, confined: true, roles: [], permissions: [] };
      const { accessToken } = await stepUp.execute(by, CODE);
      expect(decodeJwt(accessToken)).toMatchObject({ roles: ['viewer'], scope: 'read write' });
      expect(await callerOf(accessToken)).toMatchObject({ assurance: 'aal2', confined: false, roles: ['viewer'] });
    });

    it.each([
      ['a wrong code', { code: WRONG_CODE }, 'code_wrong'],
      ['a code of a factor the user does not have', { method: 'sms' }, 'not_enrolled'],
      ['a code of a factor that cannot be enrolled', { method: 'webauthn' }, 'method_unavailable'],
    ] as const)('is refused with %s, which is on record without the code', async (_, shown, reason) => {
      const by = await anEnrolled();
      const before = await provenAt(by);
      await expect(stepUp.execute(by, { ...CODE, ...shown })).rejects.toEqual(new InvalidFactorCode());
      expect(await provenAt(by)).toEqual(before);
      expect(await eventsOf(by)).toMatchObject([{ outcome: 'failure', details: { reason } }]);
      expect(JSON.stringify(await eventsOf(by))).not.toContain(WRONG_CODE);
    });

    it('says how long to wait when too many codes of the account were wrong', async () => {
      const by = await anEnrolled();
      factors.stop(by.userId, 900);
      await expect(stepUp.execute(by, CODE)).rejects.toEqual(new RateLimitExceeded(900));
      expect(await eventsOf(by)).toMatchObject([{ outcome: 'failure', details: { reason: 'too_many' } }]);
    });

    it('brings no session back that ends in the same moment', async () => {
      const by = await anEnrolled();
      const settled = await interleaved(
        context,
        () => context.app.get(EndSession).executeById(by.sessionId!),
        () => stepUp.execute(by, CODE),
      );
      expect(settled).toMatchObject({ status: 'rejected', reason: expect.any(AccessTokenRefused) as unknown });
      expect(await eventsOf(by)).toMatchObject([{ outcome: 'failure', details: { reason: 'session_ended' } }]);
    });

    it('has its code sent for this session alone, and for nobody without one', async () => {
      const by = await anEnrolled();
      const { userId, tenantId } = by;
      await context.app.get(SendStepUpCode).execute(by, 'email');
      const use = { kind: 'session', id: by.sessionId };
      expect(factors.sent).toEqual([{ userId, tenantId, method: 'email', use }]);
      await context.app.get(SendStepUpCode).execute({ ...by, kind: 'development', sessionId: null }, 'email');
      expect(factors.sent).toHaveLength(1);
      await expect(stepUp.execute({ ...by, sessionId: null }, CODE)).rejects.toThrow(InvalidFactorCode);
    });
  });
});
