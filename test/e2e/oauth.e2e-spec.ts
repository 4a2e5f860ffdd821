import type { UserId } from '../../src/kernel/ids';
import { ProviderUnavailable } from '../../src/modules/federation/domain/errors';
import type { ProvenIdentity } from '../../src/modules/federation/domain/proven-identity';
import type { Answer, Call } from '../support/client';
import { Authenticator } from '../support/authenticator';
import { expectProblem } from '../support/problems';
import { counted, recorded } from '../support/recorded';
import { type ScriptedProvider, ScriptedProviders } from '../support/scripted-providers';
import { aService, type TestService } from '../support/service';

const TARGET = 'https://app.example.com/in';
/** Of a program that waits for its half: on the list as a whole, as the origin of both is. */
const PAGE = 'https://app.example.com/native?from=us';
const BROWSER = { accept: 'text/html,application/xhtml+xml', 'sec-fetch-site': 'cross-site' };
const PROGRAM = { accept: 'application/json' };
const LOGIN = '/auth/oauth/acme/login';

/** A browser on its way: what it keeps, and where it was sent. */
type Away = { readonly cookie: string; readonly state: string; readonly to: URL; readonly answer: Answer };

describe('signing in at an identity provider', () => {
  let acme: ScriptedProvider;
  let other: ScriptedProvider;
  let service: TestService;
  let people = 0;

  beforeAll(async () => {
    service = await aService({
      hashesOnce: true,
      variables: {
        OAUTH_REDIRECT_ORIGINS: `https://app.example.com,${PAGE}`,
        CORS_ORIGINS: 'https://app.example.com',
      },
    });
    ({ acme, other } = ScriptedProviders.in(service.app));
  });
  afterAll(() => service.stop());

  const anAddress = (): string => `somebody-${(people += 1)}@example.com`;
  const query = (words: Readonly<Record<string, string>>): string => new URLSearchParams(words).toString();
  const begin = async (
    words: Readonly<Record<string, string>> = { redirect_uri: TARGET },
    call: Call = {},
  ): Promise<Away> => {
    const answer = await service.client.get(`${LOGIN}?${query(words)}`, { headers: BROWSER, ...call });
    const to = new URL(answer.headers.get('location') ?? String(answer.body.authorization_url));
    const cookie = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
    return { cookie, state: to.searchParams.get('state') ?? '', to, answer };
  };
  const comeBack = (
    { cookie, state }: Pick<Away, 'cookie' | 'state'>,
    words: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
    provider = 'acme',
  ): Promise<Answer> =>
    service.client.get(`/auth/oauth/${provider}/callback?${query({ state, ...words })}`, {
      headers: { ...BROWSER, cookie, ...headers },
    });
  const finish = (json: Readonly<Record<string, unknown>>, call: Call = {}): Promise<Answer> =>
    service.client.post('/auth/oauth/callback', { json: { provider: 'acme', ...json }, ...call });
  const signsIn = (away: Away, identity: ProvenIdentity = acme.identity({ email: anAddress() })): string =>
    acme.signsIn(away.state, identity);
  const lastReason = async (): Promise<unknown> =>
    (await recorded(service.source, 'oauth.login')).at(-1)?.details.reason;
  const locationOf = ({ status, headers }: Answer): [number, string | null] => [status, headers.get('location')];
  /** Somebody with a password, signed in just now. */
  const aPerson = async (): Promise<{ email: string; token: string; id: UserId }> => {
    const email = anAddress();
    const { body } = await service.client.register(email);
    const { access } = await service.client.signedIn(email);
    return { email, token: access, id: body.user.id as UserId };
  };

  it('is offered for those of the settings', async () => {
    const { status, body } = await service.client.get('/auth/oauth/providers');
    expect([status, body.items]).toEqual([
      200,
      [
        { id: 'acme', name: 'Acme' },
        { id: 'other', name: 'The Other' },
      ],
    ]);
  });

  it('leads a browser there and back into the application, with nothing secret in any address', async () => {
    const away = await begin();
    expect(away.answer.status).toBe(302);
    expect(away.to.searchParams.get('redirect_uri')).toBe('http://localhost:3000/api/v1/auth/oauth/acme/callback');
    expect(away.answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^dw_oauth=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    const extra = { scope: 'openid email', authuser: '0', hd: 'example.com', prompt: 'none', session_state: 'x..y' };
    const back = await comeBack(away, { code: signsIn(away), ...extra });
    expect(locationOf(back)).toEqual([302, TARGET]);
    expect([back.headers.get('cache-control'), back.headers.get('referrer-policy'), back.text]).toEqual([
      'no-store',
      'no-referrer',
      '',
    ]);
    const cookie = back.headers.getSetCookie().find((each) => each.startsWith('dw_refresh')) ?? '';
    expect(cookie).toMatch(/^dw_refresh=dwrt_[^;]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/);
    const refreshed = await service.client.post('/auth/refresh', {
      headers: { cookie: cookie.split(';')[0] ?? '', 'sec-fetch-site': 'same-origin' },
    });
    expect(refreshed.status).toBe(200);
    const me = await service.client.get('/auth/oauth/links', { token: refreshed.body.access_token });
    expect(me.body.items).toMatchObject([
      { provider: 'acme', name: 'Acme', last_login_at: expect.any(String) as string },
    ]);
  });

  it('ends with a page where nobody said where to go on', async () => {
    const away = await begin({});
    const back = await comeBack(away, { code: signsIn(away) });
    expect([back.status, back.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(back.text).toContain('You are signed in');
    expect(back.text).not.toMatch(/dwrt_|eyJ/);
  });

  it('is not taken up from another browser, for another provider, twice, or for what nobody began', async () => {
    const stranger = await begin();
    const cases: [Partial<Away>, Readonly<Record<string, string>>, string, string][] = [
      [{ cookie: '' }, {}, 'acme', 'other_browser'],
      [{ cookie: `dw_oauth=${'x'.repeat(43)}` }, {}, 'acme', 'other_browser'],
      [{ cookie: stranger.cookie }, {}, 'acme', 'other_browser'],
      [{}, {}, 'other', 'state_unknown'],
      [{ state: 'x'.repeat(43) }, {}, 'acme', 'state_unknown'],
      [{ state: 'short' }, {}, 'acme', 'malformed'],
      [{}, { error: 'access_denied' }, 'acme', 'malformed'],
      [{}, { code: 'a\u0000b' }, 'acme', 'malformed'],
    ];
    for (const [changed, words, provider, reason] of cases) {
      const away = await begin();
      const back = await comeBack({ ...away, ...changed }, { code: signsIn(away), ...words }, {}, provider);
      expect([back.status, back.headers.get('location'), back.headers.getSetCookie()]).toEqual([400, null, []]);
      expect(back.text).toContain('Begin the sign-in again');
      expect(await lastReason()).toBe(reason);
    }
    const away = await begin();
    const twice = await service.client.get(`/auth/oauth/acme/callback?${query({ state: away.state })}&state=x&code=y`, {
      headers: { cookie: away.cookie },
    });
    expectProblem(twice, 400, 'OAUTH_STATE_INVALID');
    const code = signsIn(away);
    expect((await comeBack(away, { code })).status).toBe(302);
    expect((await comeBack(away, { code })).status).toBe(400);
    expectProblem(await comeBack(away, { code }, { accept: 'application/json' }), 400, 'OAUTH_STATE_INVALID');
  });

  it('goes on in two tabs of one browser', async () => {
    const one = await begin();
    const two = await begin({ redirect_uri: TARGET }, { headers: { ...BROWSER, cookie: one.cookie } });
    expect(two.cookie).toBe(one.cookie);
    for (const [away, expected] of [
      [two, []],
      [one, [expect.stringMatching(/^dw_oauth=; Max-Age=0; Path=\/; HttpOnly; SameSite=Lax$/)]],
    ] as const) {
      const back = await comeBack(away, { code: signsIn(away) });
      expect(locationOf(back)).toEqual([302, TARGET]);
      // Only once no other tab needs it.
      expect(back.headers.getSetCookie().filter((cookie) => cookie.startsWith('dw_oauth'))).toEqual(expected);
    }
    const forged = await begin({}, { headers: { ...BROWSER, cookie: 'dw_oauth=mine' } });
    expect(forged.cookie).toMatch(/^dw_oauth=[\w-]{43}$/);
  });

  it('begins and ends nothing for who only looks', async () => {
    const away = await begin();
    const before = await counted(service.source, 'oauth_transactions');
    const code = signsIn(away);
    for (const path of [LOGIN, `/auth/oauth/acme/callback?${query({ state: away.state, code })}`]) {
      const { status, headers } = await service.client.call('HEAD', path, { headers: { cookie: away.cookie } });
      expect([status, headers.getSetCookie()]).toEqual([200, []]);
    }
    expect(await counted(service.source, 'oauth_transactions')).toEqual(before);
    expect((await comeBack(away, { code })).status).toBe(302);
  });

  it('leads nowhere that is not allowed, and to no provider there is not', async () => {
    for (const target of ['https://evil.example', 'https://app.example.com@evil.example', '//app.example.com', '']) {
      const refused = await service.client.get(`${LOGIN}?${query({ redirect_uri: target })}`, { headers: PROGRAM });
      expectProblem(refused, 422, 'VALIDATION_FAILED');
      expect(refused.body.errors).toMatchObject([{ field: 'redirect_uri' }]);
    }
    const twice = `${LOGIN}?redirect_uri=${TARGET}&redirect_uri=https://evil.example`;
    expectProblem(await service.client.get(twice), 422, 'VALIDATION_FAILED');
    for (const path of ['login', 'callback?state=x&code=y']) {
      expectProblem(await service.client.get(`/auth/oauth/nobody/${path}`), 404, 'NOT_FOUND');
    }
    expectProblem(await finish({ provider: 'nobody', code: 'x', state: 'y' }), 404, 'NOT_FOUND');
  });

  it('tells the application who was refused, in a word and no more', async () => {
    const { email } = await aPerson();
    const taken = await begin();
    const claimed = acme.identity({ email, emailProven: false });
    expect(locationOf(await comeBack(taken, { code: signsIn(taken, claimed) }))).toEqual([
      302,
      `${TARGET}?error=email_taken`,
    ]);
    const cases: [string, string][] = [
      ['access_denied', 'access_denied'],
      ['invalid_request', 'invalid_credentials'],
      ['https://evil.example', 'invalid_credentials'],
    ];
    for (const [error, word] of cases) {
      const away = await begin();
      const back = await comeBack(away, { error, error_description: 'call 555' });
      expect(locationOf(back)).toEqual([302, `${TARGET}?error=${word}`]);
    }
    const nowhere = await begin({});
    const page = await comeBack(nowhere, { error: 'access_denied', error_description: 'call 555' });
    expect([page.status, page.text.includes('555')]).toEqual([401, false]);
  });

  it('is a clear 503 while the provider is away, before and behind it', async () => {
    const away = await begin();
    acme.failure = new ProviderUnavailable('late');
    const answers = [
      await service.client.get(LOGIN, { headers: PROGRAM }),
      await comeBack(away, { code: 'x' }, { accept: '*/*' }),
    ];
    const page = await service.client.get(LOGIN, { headers: BROWSER });
    acme.failure = null;
    for (const answer of answers) expectProblem(answer, 503, 'DEPENDENCY_UNAVAILABLE');
    expect([page.status, page.headers.get('retry-after'), page.headers.get('content-type')]).toEqual([
      503,
      '5',
      'text/html; charset=utf-8',
    ]);
    const said = await begin();
    const over = await comeBack(said, { error: 'temporarily_unavailable' });
    expect([over.status, over.text]).toEqual([503, expect.stringContaining('begin the sign-in again')]);
  });

  it('asks a browser for the second factor on a page of its own', async () => {
    const { token, email } = await aPerson();
    const { body } = await service.client.post('/mfa/totp/setup', { token, json: {} });
    const app = new Authenticator(String(body.otpauth_url));
    const code = app.codeAt(service.clock.now());
    await service.client.post('/mfa/totp/verify', { token, json: { totp_code: code } });
    await service.source.query('UPDATE users SET email_verified_at = now() WHERE email = $1', [email]);
    const identity = acme.identity({ email });
    const away = await begin();
    const back = await comeBack(away, { code: signsIn(away, identity) });
    expect(locationOf(back)).toEqual([302, '/sign-in/second-factor']);
    expect(back.headers.getSetCookie()).toContainEqual(expect.stringMatching(/^dw_challenge=/));
    const program = await begin({}, { headers: PROGRAM });
    const challenged = await finish({ code: signsIn(program, identity), state: program.state });
    expect(challenged.body).toMatchObject({ mfa_required: true });
    expect(challenged.body.access_token).toBeUndefined();
  });

  describe('for a program', () => {
    const NATIVE = { headers: PROGRAM };

    it('ends by what it kept and what came back, each a half', async () => {
      const away = await begin({ redirect_uri: PAGE }, NATIVE);
      expect(away.answer.status).toBe(200);
      expect(away.answer.body).toEqual({ authorization_url: away.to.href, state: away.state });
      const code = signsIn(away);
      const handed = await comeBack({ ...away, cookie: '' }, { code });
      expect(locationOf(handed)).toEqual([302, `${PAGE}&code=${code}`]);
      expect(handed.headers.getSetCookie()).toEqual([]);
      expectProblem(await finish({ code, state: 'x'.repeat(43) }), 400, 'OAUTH_STATE_INVALID');
      expectProblem(await finish({ code, state: away.state, provider: 'other' }), 400, 'OAUTH_STATE_INVALID');
      const pair = await finish({ code, state: away.state });
      expect([pair.status, typeof pair.body.access_token, typeof pair.body.refresh_token]).toEqual([
        200,
        'string',
        'string',
      ]);
      expectProblem(await finish({ code, state: away.state }), 400, 'OAUTH_STATE_INVALID');
    });

    it('learns who answered, and in a word of ours why there is no code', async () => {
      const cases: [Readonly<Record<string, string>>, string][] = [
        [{ code: 'x', iss: acme.issuer }, 'code=x&iss=https%3A%2F%2Facme.example'],
        [{ error: 'access_denied', error_description: 'call 555' }, 'error=access_denied'],
        [{ error: 'login_required' }, 'error=access_denied'],
        [{ error: 'invalid_scope', iss: acme.issuer }, 'error=invalid_credentials'],
        [{ error: 'server_error' }, 'error=dependency_unavailable'],
      ];
      const away = await begin({ redirect_uri: PAGE }, NATIVE);
      for (const [words, expected] of cases) {
        expect(locationOf(await comeBack({ ...away, cookie: '' }, words))).toEqual([302, `${PAGE}&${expected}`]);
      }
    });

    it('hands nothing over to a page that is allowed by its origin alone', async () => {
      for (const target of [TARGET, 'https://app.example.com']) {
        const away = await begin({ redirect_uri: target }, NATIVE);
        const code = signsIn(away);
        const back = await comeBack({ ...away, cookie: '' }, { code });
        expect(locationOf(back)).toEqual([400, null]);
        expect(await lastReason()).toBe('target_not_named');
        expectProblem(await finish({ code, state: away.state }), 400, 'OAUTH_STATE_INVALID');
      }
    });

    it('ends as in a browser where the browser that began it comes back', async () => {
      const away = await begin({ redirect_uri: TARGET }, NATIVE);
      expect(locationOf(await comeBack(away, { code: signsIn(away) }))).toEqual([302, TARGET]);
    });

    it('is not ended by a browser that did not begin it, nor is what a browser began by whoever has no cookie', async () => {
      const browsers: Readonly<Record<string, string>>[] = [
        { origin: 'https://app.example.com' },
        { 'sec-fetch-site': 'cross-site' },
      ];
      for (const headers of browsers) {
        const away = await begin({}, NATIVE);
        const code = signsIn(away);
        expectProblem(await finish({ code, state: away.state }, { headers }), 400, 'OAUTH_STATE_INVALID');
        expectProblem(await finish({ code, state: away.state }), 400, 'OAUTH_STATE_INVALID');
      }
      const own = await begin({}, NATIVE);
      const headers = { origin: 'https://app.example.com', cookie: own.cookie, 'x-token-delivery': 'cookie' };
      const pair = await finish({ code: signsIn(own), state: own.state }, { headers });
      expect([pair.status, pair.body.refresh_token]).toEqual([200, undefined]);
      const names = pair.headers.getSetCookie().map((cookie) => cookie.split('=')[0]);
      expect(names.sort()).toEqual(['dw_oauth', 'dw_refresh']);
      const shown = await begin();
      expectProblem(await finish({ code: signsIn(shown), state: shown.state }), 400, 'OAUTH_STATE_INVALID');
      const nowhere = await begin({}, NATIVE);
      expect((await comeBack({ ...nowhere, cookie: '' }, { code: signsIn(nowhere) })).status).toBe(400);
    });
  });

  describe('linking an identity', () => {
    const link = (token: string, words: Readonly<Record<string, string>> = {}): Promise<Away> =>
      begin({ link: 'true', ...words }, { token, headers: PROGRAM });
    const linksOf = async (token: string): Promise<unknown[]> =>
      (await service.client.get('/auth/oauth/links', { token })).body.items.map(({ provider }) => provider);

    it('is for who has just proven who they are', async () => {
      const { token } = await aPerson();
      for (const said of ['true', '1']) {
        expectProblem(await service.client.get(`${LOGIN}?link=${said}`), 401, 'TOKEN_MISSING');
      }
      expectProblem(await service.client.get(`${LOGIN}?link=true`, { token: 'no token' }), 401, 'TOKEN_INVALID');
      expectProblem(await service.client.get(`${LOGIN}?link=yes`, { token }), 422, 'VALIDATION_FAILED');
      const { body } = await service.client.post('/api-keys', { token, json: { name: 'k', permissions: ['*:*'] } });
      const key = { headers: { 'x-api-key': String(body.key) } };
      expectProblem(await service.client.get(`${LOGIN}?link=true`, key), 403, 'INSUFFICIENT_PERMISSIONS');
      expect((await service.client.get(`${LOGIN}?link=0`)).status).toBe(302);
      const before = service.clock.now();
      service.clock.advance({ seconds: 601 });
      const stale = await service.client.get(`${LOGIN}?link=true`, { token });
      service.clock.advance({ seconds: (before.getTime() - service.clock.now().getTime()) / 1000 });
      expectProblem(stale, 403, 'STEP_UP_REQUIRED');
    });

    it('opens the account by it from then on, and tells its owner', async () => {
      const { token, id } = await aPerson();
      const identity = acme.identity({ email: anAddress(), emailProven: false });
      const away = await link(token);
      const linked = await finish({ code: signsIn(away, identity), state: away.state }, { token });
      expect([linked.status, linked.body]).toMatchObject([200, { provider: 'acme', email: identity.email }]);
      const login = await begin({}, { headers: PROGRAM });
      const pair = await finish({ code: signsIn(login, identity), state: login.state });
      expect((await service.client.get('/users/me', { token: pair.body.access_token })).body.id).toBe(id);
      expect((await recorded(service.source, 'oauth.linked')).at(-1)).toMatchObject({
        user_id: id,
        details: { provider: 'acme', automatic: false, reason: 'user' },
      });
    });

    it('ends in the browser that began it too, in its session, and on a page', async () => {
      const { token } = await aPerson();
      const [there, page, over] = [await link(token, { redirect_uri: TARGET }), await link(token), await link(token)];
      const identity = acme.identity();
      expect(locationOf(await comeBack(there, { code: signsIn(there, identity) }))).toEqual([302, TARGET]);
      const shown = await comeBack(page, { code: signsIn(page, identity) });
      expect([shown.status, shown.text]).toEqual([200, expect.stringContaining('sign in through Acme')]);
      expect(shown.headers.getSetCookie().filter((cookie) => !cookie.startsWith('dw_oauth=;'))).toEqual([]);
      await service.client.post('/auth/logout', { token });
      expect((await comeBack(over, { code: signsIn(over, identity) })).status).toBe(400);
    });

    it('is refused to anybody else, of anybody else’s identity, and of a second one of an issuer', async () => {
      const [ann, bob] = [await aPerson(), await aPerson()];
      for (const call of [{}, { token: bob.token }]) {
        const away = await link(ann.token);
        expectProblem(await finish({ code: signsIn(away), state: away.state }, call), 400, 'OAUTH_STATE_INVALID');
      }
      const identity = acme.identity();
      const anns = await link(ann.token);
      expect((await finish({ code: signsIn(anns, identity), state: anns.state }, { token: ann.token })).status).toBe(
        200,
      );
      const bobs = await link(bob.token, { redirect_uri: TARGET });
      expect(locationOf(await comeBack(bobs, { code: signsIn(bobs, identity) }))).toEqual([
        302,
        `${TARGET}?error=conflict`,
      ]);
      const second = await link(ann.token);
      const answer = await finish({ code: signsIn(second), state: second.state }, { token: ann.token });
      expectProblem(answer, 409, 'CONFLICT');
      expect([await linksOf(ann.token), await linksOf(bob.token)]).toEqual([['acme'], []]);
    });

    it('is taken back, but for the last way in, by however many at once', async () => {
      const { token } = await aPerson();
      const away = await link(token);
      await finish({ code: signsIn(away), state: away.state }, { token });
      const path = '/auth/oauth/links/acme';
      expectProblem(await service.client.get(`${path}/tokens`, { token }), 404, 'NOT_FOUND');
      expect((await service.client.call('DELETE', path, { token })).status).toBe(204);
      expectProblem(await service.client.call('DELETE', path, { token }), 404, 'NOT_FOUND');

      const login = await begin({}, { headers: PROGRAM });
      const { body } = await finish({ code: signsIn(login), state: login.state });
      const passwordless = body.access_token;
      expectProblem(await service.client.call('DELETE', path, { token: passwordless }), 409, 'CONFLICT');
      const more = await service.client.get('/auth/oauth/other/login?link=1', {
        token: passwordless,
        headers: PROGRAM,
      });
      const state = String(more.body.state);
      const code = other.signsIn(state, other.identity());
      expect((await finish({ provider: 'other', code, state }, { token: passwordless })).status).toBe(200);
      const both = ['acme', 'other', 'acme', 'other', 'acme', 'other'].map((provider) =>
        service.client.call('DELETE', `/auth/oauth/links/${provider}`, { token: passwordless }),
      );
      const statuses = (await Promise.all(both)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 204)).toHaveLength(1);
      expect(await linksOf(passwordless)).toHaveLength(1);
    });
  });
});
