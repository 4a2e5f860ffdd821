import { randomUUID } from 'node:crypto';
import { hash as argon2 } from '@node-rs/argon2';
import { decodeJwt } from 'jose';
import type { Principal } from '../../../src/kernel/principal';
import { Users } from '../../../src/modules/identity/application/users.port';
import { InvalidCredentials } from '../../../src/modules/identity/domain/errors';
import { SignIn } from '../../../src/modules/signin/application/sign-in';
import { StepUp } from '../../../src/modules/signin/application/step-up/step-up';
import { AuthenticateAccessToken } from '../../../src/modules/tokens/application/authenticate-access-token';
import { EndSession } from '../../../src/modules/tokens/application/sessions/end-session';
import { AccessTokenRefused } from '../../../src/modules/tokens/domain/errors';
import { aSignIn, letIn } from '../../support/a-sign-in';
import { PASSWORD } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { interleaved } from '../../support/gates';
import { recorded } from '../../support/recorded';
import { sabotage } from '../../support/sabotage';
import { Stored } from '../../support/stored';

const PROOF = { kind: 'password', password: PASSWORD } as const;
const OF_TESTS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

describe('proving again who one is', () => {
  let context: TestContext;
  let stepUp: StepUp;
  let passwordHash: string;
  let otherHash: string;

  beforeAll(async () => {
    passwordHash = await argon2(PASSWORD, OF_TESTS);
    otherHash = await argon2('a wholly new phrase to remember', OF_TESTS);
    context = await aContext();
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
});
