import { randomUUID } from 'node:crypto';
import { sessionId } from '../../../src/kernel/ids';
import type { Principal } from '../../../src/kernel/principal';
import { AuthenticateAccessToken } from '../../../src/modules/tokens/application/authenticate-access-token';
import { EndSession } from '../../../src/modules/tokens/application/sessions/end-session';
import { RevokeSessions } from '../../../src/modules/tokens/application/sessions/revoke-sessions';
import { RevokeToken } from '../../../src/modules/tokens/application/revoke-token';
import { RotateRefreshToken } from '../../../src/modules/tokens/application/rotate-refresh-token';
import type { TokenPair } from '../../../src/modules/tokens/application/token-pairs';
import { InvalidRefreshToken } from '../../../src/modules/tokens/domain/errors';
import { aRefresh } from '../../support/a-device';
import { type Answer, PASSWORD, type Tokens } from '../../support/client';
import { aContext, type TestContext } from '../../support/context';
import { aDatabase, DATABASES, type TestDatabase } from '../../support/database';
import { expectProblem } from '../../support/problems';
import { aService, type TestService } from '../../support/service';
import { type Member, Stored } from '../../support/stored';

const NEW_PASSWORD = 'a wholly new phrase to remember';

describe('a session that is ended', () => {
  let service: TestService;
  let count = 0;

  beforeAll(async () => {
    service = await aService();
  });
  afterAll(() => service.stop());

  const aUser = async (sessions: number): Promise<readonly [Tokens, ...Tokens[]]> => {
    const login = `user-${(count += 1)}@example.com`;
    const all = [await service.client.signedUp(login)] as [Tokens, ...Tokens[]];
    for (let each = 1; each < sessions; each++) all.push(await service.client.signedIn(login));
    // The replica believes in every one of them.
    for (const tokens of all) await isGood(tokens);
    return all;
  };
  const me = ({ access }: Tokens): Promise<Answer> => service.client.get('/auth/me', { token: access });
  const end = ({ access }: Tokens, path: string): Promise<Answer> =>
    service.client.call('DELETE', `/auth/sessions${path}`, { token: access });
  const revoke = (form: Readonly<Record<string, string>>): Promise<Answer> =>
    service.client.post('/auth/revoke', { form });

  const isGood = async (tokens: Tokens): Promise<void> => {
    expect((await me(tokens)).status).toBe(200);
  };
  const isOver = async (tokens: Tokens): Promise<void> => {
    expectProblem(await me(tokens), 401, 'TOKEN_INVALID');
    expectProblem(await service.client.refresh(tokens.refresh), 401, 'REFRESH_TOKEN_INVALID');
  };

  it.each<[string, (here: Tokens) => Promise<Answer>, number]>([
    ['from the list of sessions', (here) => end(here, `/${here.session}`), 204],
    ['by RFC 7009 with the access token', ({ access }) => revoke({ token: access }), 200],
    ['by RFC 7009 with the refresh token', ({ refresh }) => revoke({ token: refresh }), 200],
    [
      'by RFC 7009 with a hint that is wrong',
      ({ refresh }) => revoke({ token: refresh, token_type_hint: 'access_token' }),
      200,
    ],
    [
      'by logout with the access token',
      ({ access }) => service.client.post('/auth/logout', { json: {}, token: access }),
      204,
    ],
    [
      'by logout with the refresh token',
      ({ refresh }) => service.client.post('/auth/logout', { json: { refresh_token: refresh } }),
      204,
    ],
  ])('is over at once, and no other: %s', async (_, ends, status) => {
    const [here, there] = await aUser(2);
    expect((await ends(here)).status).toBe(status);
    await isOver(here);
    await isGood(there!);
  });

  it('is over at once when another session of the user ends it', async () => {
    const [here, there] = await aUser(2);
    expect((await end(here, `/${there!.session}`)).status).toBe(204);
    await isOver(there!);
    await isGood(here);
  });

  it('is over with all others of the user, and with none of anybody else', async () => {
    const [here, there] = await aUser(2);
    const [other] = await aUser(1);
    const answer = await end(here, '');
    expect([answer.status, answer.body]).toEqual([200, { revoked: 2 }]);
    for (const tokens of [here, there!]) await isOver(tokens);
    await isGood(other);
  });

  it('is not the one in which all others are ended', async () => {
    const [here, there, elsewhere] = await aUser(3);
    const answer = await end(here, '?except=current');
    expect([answer.status, answer.body]).toEqual([200, { revoked: 2 }]);
    for (const tokens of [there!, elsewhere!]) await isOver(tokens);
    await isGood(here);
    expect((await end(here, '?except=current')).body).toEqual({ revoked: 0 });
  });

  it('is none when it is asked in a way nobody knows', async () => {
    const [here, there] = await aUser(2);
    expectProblem(await end(here, '?except=all'), 422, 'VALIDATION_FAILED');
    await isGood(here);
    await isGood(there!);
  });

  it('is every other one once the password is changed', async () => {
    const [here, there] = await aUser(2);
    const json = { current_password: PASSWORD, new_password: NEW_PASSWORD };
    expect((await service.client.post('/auth/password/change', { json, token: here.access })).status).toBe(204);
    await isOver(there!);
    await isGood(here);
    expect((await service.client.refresh(here.refresh)).status).toBe(200);
  });

  it('is not ended again: it is as if it were not there', async () => {
    const [here, there] = await aUser(2);
    await end(here, `/${there!.session}`);
    expectProblem(await end(here, `/${there!.session}`), 404, 'NOT_FOUND');
  });

  it('is shown no more in the list', async () => {
    const [here, there] = await aUser(2);
    await end(here, `/${there!.session}`);
    const { body } = await service.client.get('/auth/sessions', { token: here.access });
    expect(body.items).toMatchObject([{ id: here.session, current: true }]);
  });

  it.each([
    ['of somebody else', async () => (await aUser(1))[0].session],
    ['that never was', () => Promise.resolve(randomUUID())],
    ['by what is no id', () => Promise.resolve('all')],
  ])('is not one %s', async (_, id) => {
    const [here] = await aUser(1);
    const [other] = await aUser(1);
    expectProblem(await end(here, `/${await id()}`), 404, 'NOT_FOUND');
    await isGood(other);
    await isGood(here);
  });

  it('stays in force when somebody else asks for its end', async () => {
    const [[here], [other]] = [await aUser(1), await aUser(1)];
    expectProblem(await end(here, `/${other.session}`), 404, 'NOT_FOUND');
    await isGood(other);
    expect((await service.client.refresh(other.refresh)).status).toBe(200);
  });

  it.each([
    ['a text', 'what is this'],
    ['an access token of somebody else’s making', 'eyJhbGciOiJub25lIn0.e30.'],
    ['a refresh token nobody issued', `dwrt_${'A'.repeat(71)}`],
  ])('by RFC 7009 is none for %s, and the answer is the same', async (_, token) => {
    const [here] = await aUser(1);
    const unknown = await revoke({ token });
    expect([unknown.status, unknown.text]).toEqual([200, '']);
    await isGood(here);
    const known = await revoke({ token: here.refresh });
    expect([known.status, known.text]).toEqual([200, '']);
  });

  it('by RFC 7009 is ended by its former refresh token too', async () => {
    const [here] = await aUser(1);
    const next = (await service.client.refresh(here.refresh)).body;
    expect((await revoke({ token: here.refresh })).status).toBe(200);
    await isOver({ access: next.access_token, refresh: next.refresh_token, session: here.session });
  });

  describe('needs a user who proved lately who they are', () => {
    const stepUp = ({ access }: Tokens, json: unknown): Promise<Answer> =>
      service.client.post('/auth/step-up', { json, token: access });
    /** As long after signing in as a fresh proof is good for; the access token is good still. */
    const aStaleUser = async (): Promise<readonly [Tokens, ...Tokens[]]> => {
      const all = await aUser(2);
      service.clock.advance({ seconds: 600 });
      return all;
    };

    it.each<[string, (here: Tokens, there: Tokens) => Promise<Answer>]>([
      ['one session', (here, there) => end(here, `/${there.session}`)],
      ['all sessions', (here) => end(here, '')],
      ['all others', (here) => end(here, '?except=current')],
      [
        'the password, which ends the others',
        ({ access }) => {
          const json = { current_password: PASSWORD, new_password: NEW_PASSWORD };
          return service.client.post('/auth/password/change', { json, token: access });
        },
      ],
    ])('%s', async (_, ends) => {
      const [here, there] = await aStaleUser();
      expectProblem(await ends(here, there!), 403, 'STEP_UP_REQUIRED');
      await isGood(here);
      await isGood(there!);
    });

    it('and a new proof is enough, for the token it gives and for no older one', async () => {
      const [here, there] = await aStaleUser();
      const proven = await stepUp(here, { password: PASSWORD });
      expect(proven.status).toBe(200);
      expect(proven.body).not.toHaveProperty('refresh_token');
      const fresh: Tokens = { ...here, access: proven.body.access_token };

      expectProblem(await end(here, `/${there!.session}`), 403, 'STEP_UP_REQUIRED');
      expect((await end(fresh, `/${there!.session}`)).status).toBe(204);
      await isOver(there!);
      await isGood(here);
    });

    it('and a wrong proof is none', async () => {
      const [here, there] = await aStaleUser();
      expectProblem(await stepUp(here, { password: 'not the password' }), 401, 'INVALID_CREDENTIALS');
      expectProblem(await end(here, `/${there!.session}`), 403, 'STEP_UP_REQUIRED');
    });

    it('and a refresh is no proof', async () => {
      const [here, there] = await aStaleUser();
      const { access_token: access } = (await service.client.refresh(here.refresh)).body;
      expectProblem(await end({ ...here, access }, `/${there!.session}`), 403, 'STEP_UP_REQUIRED');
    });

    it('but not to sign out, nor to give a token up', async () => {
      const [here, there] = await aStaleUser();
      expect((await service.client.post('/auth/logout', { json: {}, token: here.access })).status).toBe(204);
      expect((await revoke({ token: there!.access })).status).toBe(200);
      await isOver(here);
      await isOver(there!);
    });
  });
});

/** What an operator does to the database directly, or another replica does. */
const BY_SQL: readonly (readonly [string, string, 'userId' | 'tenantId'])[] = [
  [
    'the user has another security stamp',
    'UPDATE users SET security_stamp = gen_random_uuid() WHERE id = $1',
    'userId',
  ],
  ['the user is disabled', "UPDATE users SET status = 'disabled' WHERE id = $1", 'userId'],
  ['the membership has ended', 'DELETE FROM memberships WHERE user_id = $1', 'userId'],
  ['the tenant is suspended', "UPDATE tenants SET status = 'suspended' WHERE id = $1", 'tenantId'],
];

const principalOf = async ({ app }: TestContext, { accessToken }: TokenPair): Promise<Principal | null> => {
  const tokens = app.get(AuthenticateAccessToken);
  return tokens.execute(await tokens.verify(accessToken));
};

describe('what a replica believes of a session', () => {
  let context: TestContext;
  beforeAll(async () => {
    context = await aContext();
  });
  afterAll(() => context.stop());

  it.each(BY_SQL)('is at most a second old when %s', async (_, sql, of) => {
    const stored = new Stored(context);
    const member = await stored.newMember();
    const pair = await stored.signedIn(member);
    expect(await principalOf(context, pair)).not.toBeNull();
    await context.source.query(sql, [member[of]]);
    context.clock.advance({ seconds: 1 });
    expect(await principalOf(context, pair)).toBeNull();
    const rotation = context.app.get(RotateRefreshToken).execute(aRefresh(pair.refreshToken));
    await expect(rotation).rejects.toThrow(InvalidRefreshToken);
  });

  it('is asked for once by who call within that second', async () => {
    const stored = new Stored(context);
    const pair = await stored.signedIn(await stored.newMember());
    await principalOf(context, pair);
    const queries = jest.spyOn(context.source.manager, 'query');
    try {
      context.clock.advance({ seconds: 0.9 });
      await Promise.all([principalOf(context, pair), principalOf(context, pair)]);
      expect(queries).not.toHaveBeenCalled();
    } finally {
      queries.mockRestore();
    }
  });

  it('is nothing about anybody else: the token of another session of the user is asked for by itself', async () => {
    const stored = new Stored(context);
    const member = await stored.newMember();
    const [one, other] = [await stored.signedIn(member), await stored.signedIn(member)];
    await principalOf(context, one);
    await context.source.query("UPDATE sessions SET revoked_at = now(), revoked_for = 'signed_out' WHERE id = $1", [
      other.sessionId,
    ]);
    expect(await principalOf(context, other)).toBeNull();
  });

  it('does not outlive the session', async () => {
    const stored = new Stored(context);
    const member = await stored.newMember();
    const pair = await stored.signedIn(member);
    const inHalfASecond = new Date(context.clock.now().getTime() + 500);
    await context.source.query('UPDATE sessions SET expires_at = $2, idle_expires_at = $2 WHERE id = $1', [
      pair.sessionId,
      inHalfASecond,
    ]);
    expect(await principalOf(context, pair)).not.toBeNull();
    context.clock.advance({ seconds: 0.5 });
    expect(await principalOf(context, pair)).toBeNull();
  });
});

// The embedded database belongs to one process, and to one application in it.
if (DATABASES.includes('postgres')) {
  describe('two replicas on one database', () => {
    let database: TestDatabase;
    let here: TestContext;
    let there: TestContext;

    beforeAll(async () => {
      database = await aDatabase('postgres');
      here = await aContext({ database });
      there = await aContext({ database });
    });
    afterAll(async () => {
      await here.stop();
      await there.stop();
      await database.drop();
    });

    type Signed = { readonly pair: TokenPair; readonly by: Principal; readonly member: Member };

    const signedIn = async (): Promise<Signed> => {
      const stored = new Stored(here);
      const member = await stored.newMember();
      const pair = await stored.signedIn(member);
      const by = await principalOf(here, pair);
      expect(await principalOf(there, pair)).toEqual(by);
      return { pair, by: by!, member };
    };

    it.each<[string, (signed: Signed) => Promise<unknown>]>([
      ['from the list', ({ by }) => here.app.get(RevokeSessions).executeOne(by, by.sessionId!)],
      ['with all others', ({ by }) => here.app.get(RevokeSessions).executeAll(by, null)],
      ['by RFC 7009', ({ pair }) => here.app.get(RevokeToken).execute(pair.accessToken)],
      ['by RFC 7009 with the refresh token', ({ pair }) => here.app.get(RevokeToken).execute(pair.refreshToken)],
      ['by signing out', ({ pair }) => here.app.get(EndSession).executeById(sessionId(pair.sessionId))],
      [
        'by a refresh token that came back',
        async ({ pair }) => {
          const rotate = here.app.get(RotateRefreshToken);
          const second = await rotate.execute(aRefresh(pair.refreshToken));
          await rotate.execute(aRefresh(second.refreshToken));
          await expect(rotate.execute(aRefresh(pair.refreshToken))).rejects.toThrow(InvalidRefreshToken);
        },
      ],
    ])('refuse a session ended %s: the one at once, the other within a second', async (_, ends) => {
      const signed = await signedIn();
      await ends(signed);
      expect(await principalOf(here, signed.pair)).toBeNull();
      there.clock.advance({ seconds: 1 });
      expect(await principalOf(there, signed.pair)).toBeNull();
    });

    it('have no moment in which the other refreshes a session that the one has ended', async () => {
      const { pair, by } = await signedIn();
      await here.app.get(RevokeSessions).executeOne(by, by.sessionId!);
      const rotation = there.app.get(RotateRefreshToken).execute(aRefresh(pair.refreshToken));
      await expect(rotation).rejects.toThrow(InvalidRefreshToken);
    });

    it('believe each other’s tokens, and go on with each other’s sessions', async () => {
      const { pair } = await signedIn();
      const next = await there.app.get(RotateRefreshToken).execute(aRefresh(pair.refreshToken));
      expect(await principalOf(here, next)).toMatchObject({ sessionId: pair.sessionId });
    });
  });
}
