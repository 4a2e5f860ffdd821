import { Clock } from '../../src/platform/time/clock';
import { type Answer, PASSWORD } from '../support/client';
import { expectProblem } from '../support/problems';
import { retryAfterOf, toldBy } from '../support/rate-limit-headers';
import { aService, type TestService } from '../support/service';
import { TestClock } from '../support/test-clock';

const HOME = '203.0.113.7';
const CAFE = '198.51.100.20';
const LONG = { seconds: 3_600 };

const from = (address: string): { headers: Record<string, string> } => ({ headers: { 'x-forwarded-for': address } });
const numbered = (count: number): readonly number[] => [...Array(count).keys()];

/** From here on it is the same moment until the test says otherwise: nothing drips in because a machine is slow. */
function standingClock({ app }: TestService): TestClock {
  const clock = new TestClock();
  clock.advance({ seconds: (Date.now() - clock.now().getTime()) / 1000 });
  Object.assign(app.get(Clock), { now: () => clock.now(), elapsedMs: () => clock.elapsedMs() });
  return clock;
}

describe('rate limits', () => {
  let service: TestService;
  let clock: TestClock;

  beforeAll(async () => {
    service = await aService({
      variables: {
        RATE_LIMITS: 'on',
        TRUSTED_PROXIES: '127.0.0.1',
        RATE_LIMIT_LOGIN: '10/60/3',
        RATE_LIMIT_REGISTER: '5/60/2',
        RATE_LIMIT_STEP_UP: '10/60/2',
        RATE_LIMIT_PASSWORD_CHANGE: '10/60/2',
        RATE_LIMIT_ACCOUNT: '60/60/4',
        RATE_LIMIT_API_KEY: '60/60/3',
        RATE_LIMIT_BAD_API_KEY: '60/60/5',
        RATE_LIMIT_TENANT: '60/60/6',
        RATE_LIMIT_GLOBAL: '60/60/9',
        ACCESS_TOKEN_TTL: '3600',
      },
    });
    clock = standingClock(service);
    await register('ann@example.com', HOME);
    await register('bob@example.com', HOME);
  });
  afterAll(() => service.stop());
  // Whatever was taken has dripped in again.
  beforeEach(() => {
    clock.advance(LONG);
  });

  const register = (email: string, address: string) =>
    service.client.post('/auth/register', { json: { email, password: PASSWORD }, ...from(address) });
  const login = (username: string, address: string, password = PASSWORD) =>
    service.client.post('/auth/login', { json: { username, password }, ...from(address) });
  /** Refused for its shape, and counted all the same. */
  const knock = (address: string, username?: string, path = '/auth/login') =>
    service.client.post(path, { json: { username }, ...from(address) });
  const tokenOf = async (username: string) => (await login(username, HOME)).body.access_token;
  const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status);
  const inTurn = async (calls: readonly (() => Promise<Answer>)[]): Promise<Answer[]> => {
    const answers: Answer[] = [];
    for (const call of calls) answers.push(await call());
    return answers;
  };

  it('are told of on every answer, and on the one that is refused with when to come again', async () => {
    const answers = await inTurn([
      () => login('ann@example.com', HOME),
      () => login('ann@example.com', HOME, 'a wrong phrase to sign in'),
      () => knock(HOME),
      () => login('ann@example.com', HOME),
    ]);
    expect(statuses(answers)).toEqual([200, 401, 422, 429]);
    const policy = { name: 'login', quota: 3, window: 18 };
    expect(answers.map(toldBy)).toEqual([
      { ...policy, remaining: 2, seconds: 6 },
      { ...policy, remaining: 1, seconds: 6 },
      { ...policy, remaining: 0, seconds: 6 },
      { ...policy, remaining: 0, seconds: 6 },
    ]);
    const [, , , refused] = answers as [Answer, Answer, Answer, Answer];
    expectProblem(refused, 429, 'RATE_LIMIT_EXCEEDED');
    expect(retryAfterOf(refused)).toBe(6);
    expect(refused.headers.get('strict-transport-security')).toMatch(/^max-age=\d/);
    expect(refused.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answers.map(({ headers }) => headers.get('x-ratelimit-limit'))).toEqual(Array(4).fill(null));
  });

  it('let pass who waited as long as they were told, and nobody who did not', async () => {
    await inTurn(numbered(3).map(() => () => knock(HOME)));
    const seconds = retryAfterOf(await knock(HOME));
    clock.advance({ seconds: seconds - 1 });
    const early = await knock(HOME);
    expect([early.status, retryAfterOf(early)]).toEqual([429, 1]);
    clock.advance({ seconds: 1 });
    expect(statuses(await inTurn(numbered(2).map(() => () => knock(HOME))))).toEqual([422, 429]);
  });

  it('count signing in once, whichever route it takes', async () => {
    const answers = await inTurn([
      () => knock(HOME),
      () => knock(HOME, undefined, '/auth/token'),
      () => knock(HOME),
      () => knock(HOME, undefined, '/auth/token'),
    ]);
    expect(statuses(answers)).toEqual([422, 422, 422, 429]);
  });

  it('are of an address, the one the proxy saw, whatever else is claimed', async () => {
    await inTurn(numbered(3).map(() => () => knock(HOME)));
    const claims = [
      from(`${CAFE}, ${HOME}`),
      from(`127.0.0.1, ${HOME}`),
      { headers: { 'x-forwarded-for': HOME, 'x-real-ip': CAFE, forwarded: `for=${CAFE}`, 'cf-connecting-ip': CAFE } },
    ];
    for (const claim of claims)
      expect((await service.client.post('/auth/login', { json: {}, ...claim })).status).toBe(429);
    expect((await knock(CAFE)).status).toBe(422);
  });

  it('are of a /64 in IPv6', async () => {
    const answers = await inTurn(
      ['2001:db8::1', '2001:db8::2', '2001:db8:0:0:ffff:ffff:ffff:ffff', '2001:db8::3', '2001:db8:0:1::1'].map(
        (address) => () => knock(address),
      ),
    );
    expect(statuses(answers)).toEqual([422, 422, 422, 429, 422]);
  });

  it.each(['ann@example.com', 'nobody@example.com'])(
    'are of the account %s from anywhere, in any spelling',
    async (account) => {
      const spellings = [account, account.toUpperCase(), account, account.replace('e', 'E')];
      const answers = await inTurn(spellings.map((typed, index) => () => knock(`198.51.100.${index}`, typed)));
      expect(statuses(answers)).toEqual([422, 422, 422, 422]);
      expect(answers.map((answer) => toldBy(answer)?.name)).toEqual(['login', 'login', 'account', 'account']);

      const refused = await knock(CAFE, account);
      expectProblem(refused, 429, 'RATE_LIMIT_EXCEEDED');
      expect(toldBy(refused)).toEqual({ name: 'account', remaining: 0, seconds: 1, quota: 4, window: 4 });
      // What was refused for the account has cost the address nothing.
      expect(toldBy(await knock(CAFE, 'another@example.com'))).toMatchObject({ name: 'login', remaining: 2 });
    },
  );

  it('are of everybody together where anybody may call', async () => {
    const answers = await inTurn(
      numbered(9).map(
        (index) => () =>
          index % 2 === 0 ? knock(`198.51.100.${index}`) : knock(`198.51.100.${index}`, undefined, '/auth/register'),
      ),
    );
    expect(statuses(answers)).toEqual(Array(9).fill(422));
    const refused = [await knock('192.0.2.1'), await knock('192.0.2.2', undefined, '/auth/register')];
    for (const answer of refused) {
      expectProblem(answer, 429, 'RATE_LIMIT_EXCEEDED');
      expect(toldBy(answer)).toEqual({ name: 'global', remaining: 0, seconds: 1, quota: 9, window: 9 });
    }
  });

  it('are of registration apart from signing in', async () => {
    const answers = await inTurn([
      () => knock(HOME),
      () => register('cleo@example.com', HOME),
      () => knock(HOME, undefined, '/auth/register'),
      () => register('dora@example.com', HOME),
      () => knock(HOME),
    ]);
    expect(statuses(answers)).toEqual([422, 201, 422, 429, 422]);
    expect(answers.map((answer) => toldBy(answer)?.name)).toEqual([
      'login',
      'register',
      'register',
      'register',
      'login',
    ]);
  });

  it('are of a tenant over all its members and keys, and told of only where they refuse', async () => {
    const [ann, bob] = [await tokenOf('ann@example.com'), await tokenOf('bob@example.com')];
    const me = (token: string) => service.client.get('/auth/me', { token });
    const made = await service.client.post('/api-keys', {
      json: { name: 'pipeline', permissions: ['detector:read'] },
      token: ann,
    });
    const key = String(made.body.key);
    const answers = [made, ...(await inTurn(numbered(5).map(() => () => me(ann))))];
    expect(statuses(answers)).toEqual([201, 200, 200, 200, 200, 200]);
    expect(answers.map(toldBy)).toEqual(Array(6).fill(null));

    const refused = [await me(ann), await service.client.get('/auth/me', { headers: { 'x-api-key': key } })];
    for (const answer of refused) {
      expectProblem(answer, 429, 'RATE_LIMIT_EXCEEDED');
      expect(toldBy(answer)).toMatchObject({ name: 'tenant', remaining: 0, quota: 6, window: 6 });
      expect(retryAfterOf(answer)).toBe(1);
    }
    expect((await me(bob)).status).toBe(200);
  });

  const aKey = async (token: string): Promise<string> => {
    const json = { name: 'pipeline', permissions: ['detector:read'] };
    return String((await service.client.post('/api-keys', { json, token })).body.key);
  };
  const asKey = (key: string, address: string) =>
    service.client.get('/auth/me', { headers: { 'x-api-key': key, ...from(address).headers } });

  it('are of each API key, from wherever it is used, and leave its owner and other keys alone', async () => {
    const token = await tokenOf('ann@example.com');
    const [key, other] = [await aKey(token), await aKey(token)];
    clock.advance(LONG);
    const fresh = await tokenOf('ann@example.com');
    const answers = await inTurn([HOME, CAFE, HOME, CAFE].map((address) => () => asKey(key, address)));
    expect(statuses(answers)).toEqual([200, 200, 200, 429]);
    const refused = answers.at(-1)!;
    expectProblem(refused, 429, 'RATE_LIMIT_EXCEEDED');
    expect(toldBy(refused)).toMatchObject({ name: 'api_key', remaining: 0, quota: 3, window: 3 });
    expect(retryAfterOf(refused)).toBe(1);
    expect((await asKey(other, HOME)).status).toBe(200);
    expect((await service.client.get('/auth/me', { token: fresh })).status).toBe(200);
  });

  it('are of the bad API keys from an address, made up and mistyped alike, and never stop a good one', async () => {
    const key = await aKey(await tokenOf('ann@example.com'));
    const wrong = ['dw_live_', 'nonsense', key.slice(0, -1), `dw_live_${'A'.repeat(49)}`, ''];
    const answers = await inTurn([...wrong, wrong[0]!].map((text) => () => asKey(text, HOME)));
    expect(statuses(answers)).toEqual([401, 401, 401, 401, 401, 429]);
    const refused = answers.at(-1)!;
    expectProblem(refused, 429, 'RATE_LIMIT_EXCEEDED');
    expect(toldBy(refused)).toMatchObject({ name: 'bad_api_key', remaining: 0, quota: 5, window: 5 });
    expect(retryAfterOf(refused)).toBe(1);
    expect((await asKey(key, HOME)).status).toBe(200);
    expectProblem(await asKey('dw_live_', CAFE), 401, 'API_KEY_INVALID');
    clock.advance({ seconds: 1 });
    expect(statuses(await inTurn([1, 2].map(() => () => asKey('dw_live_', HOME))))).toEqual([401, 429]);
  });

  it('leave the bad API keys of an address alone when they are good ones', async () => {
    const key = await aKey(await tokenOf('ann@example.com'));
    clock.advance(LONG);
    for (let round = 0; round < 6; round += 1) {
      expect((await asKey(key, HOME)).status).toBe(200);
      clock.advance({ seconds: 1 });
    }
    const answers = await inTurn(numbered(5).map(() => () => asKey('dw_live_', HOME)));
    expect(statuses(answers)).toEqual([401, 401, 401, 401, 401]);
  });

  it('count for the tenant what was not permitted too', async () => {
    const token = await tokenOf('ann@example.com');
    const ask = () => service.client.post('/auth/introspect', { json: { token }, token });
    expect(statuses(await inTurn(numbered(7).map(() => ask)))).toEqual([...Array<number>(6).fill(403), 429]);
  });

  it.each([
    ['step_up', '/auth/step-up'],
    ['password_change', '/auth/password/change'],
  ])('are of the user, not of the address: %s', async (name, path) => {
    const [ann, bob] = [await tokenOf('ann@example.com'), await tokenOf('bob@example.com')];
    const ask = (token: string, address: string) => service.client.post(path, { json: {}, token, ...from(address) });
    const answers = await inTurn([() => ask(ann, HOME), () => ask(ann, CAFE), () => ask(ann, '192.0.2.9')]);
    expect(statuses(answers)).toEqual([422, 422, 429]);
    expect(answers.map((answer) => toldBy(answer)?.name)).toEqual([name, name, name]);
    expect(answers.map((answer) => toldBy(answer)?.remaining)).toEqual([1, 0, 0]);
    expect((await ask(bob, HOME)).status).toBe(422);
  });

  it('look the same to who asks for a known account and for an unknown one', async () => {
    const [known, unknown] = [
      await login('ann@example.com', HOME, 'a wrong phrase to sign in'),
      await login('nobody@example.com', CAFE, 'a wrong phrase to sign in'),
    ];
    expect(statuses([known, unknown])).toEqual([401, 401]);
    expect([...known.headers.keys()]).toEqual([...unknown.headers.keys()]);
    expect(toldBy(known)).toEqual(toldBy(unknown));
  });

  it('touch nothing that anybody may read', async () => {
    const answers = await inTurn(numbered(12).map(() => () => service.client.get('//.well-known/jwks.json')));
    expect(statuses(answers)).toEqual(Array(12).fill(200));
    expect(answers.map(toldBy)).toEqual(Array(12).fill(null));
  });
});

describe('rate limits as they come', () => {
  it('let twenty sign in, and forty bad keys fail, from one address at once, which nobody changes by a header', async () => {
    const service = await aService({ variables: { RATE_LIMITS: 'on' } });
    standingClock(service);
    const knock = (index: number) => service.client.post('/auth/login', { json: {}, ...from(`198.51.100.${index}`) });
    const answers = await Promise.all(numbered(40).map(knock));
    const keys = numbered(100).map((index) => `dw_live_${'A'.repeat(46)}${String(index).padStart(3, '0')}`);
    const guesses = await Promise.all(
      keys.map((key) => service.client.get('/auth/me', { headers: { 'x-api-key': key } })),
    );
    await service.stop();
    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(40);
    expect(guesses.filter(({ status }) => status === 429)).toHaveLength(60);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(20);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(20);
    for (const answer of answers) expect(toldBy(answer)).toMatchObject({ name: 'login', quota: 20, window: 120 });
  });

  it('are none where they are switched off', async () => {
    const service = await aService({
      variables: { RATE_LIMITS: 'off', RATE_LIMIT_LOGIN: '1/60', RATE_LIMIT_GLOBAL: '1/60' },
    });
    const answers = await Promise.all(numbered(10).map(() => service.client.post('/auth/login', { json: {} })));
    await service.stop();
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(422));
    expect(answers.map(toldBy)).toEqual(Array(10).fill(null));
  });
});
