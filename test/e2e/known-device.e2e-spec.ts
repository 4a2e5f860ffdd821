import { type Answer, PASSWORD } from '../support/client';
import { aService, type TestService } from '../support/service';

const HTTPS = 'https://auth.example.com';
const APP = 'https://app.example.com';
const EVIL = 'https://evil.example';
const NEXT = 'a wholly new phrase to remember';
const DAYS_90 = 90 * 86_400;
const [HOME, CAFE] = ['203.0.113.7', '198.51.100.9'];

type Headers = Readonly<Record<string, string>>;

/** A service that people sign in to from more than one network. */
function aServiceAt(publicUrl: string): Promise<TestService> {
  return aService({
    variables: { PUBLIC_URL: publicUrl, CORS_ORIGINS: APP, TRUSTED_PROXIES: '127.0.0.1', LOCKOUT_STOP: '6' },
  });
}

/** Cookies by name, with what the browser is told about each. */
function cookiesOf({ headers }: Answer): Record<string, { readonly value: string; readonly attributes: string[] }> {
  const cookies = headers.getSetCookie().map((line) => {
    const [pair = '', ...attributes] = line.split('; ');
    const [name = '', value = ''] = pair.split('=');
    return [name, { value, attributes: attributes.sort() }] as const;
  });
  return Object.fromEntries(cookies);
}

describe('a device that has signed in', () => {
  let service: TestService;
  let users = 0;

  beforeAll(async () => {
    service = await aServiceAt('http://localhost:3000');
  });
  afterAll(() => service.stop());

  const aUser = async (): Promise<string> => {
    users += 1;
    const email = `user-${users}@example.com`;
    await service.client.register(email);
    return email;
  };
  const login = (username: string, more: Readonly<Record<string, unknown>> = {}, headers: Headers = {}) =>
    service.client.post('/auth/login', { json: { username, password: PASSWORD, ...more }, headers });
  const from = (address: string, headers: Headers = {}): Headers => ({ 'x-forwarded-for': address, ...headers });
  const remembered = async (username: string): Promise<string> => {
    const { body } = await login(username, { remember_device: true }, from('192.0.2.1'));
    return String(body.device_token);
  };
  const guess = async (username: string, times: number, headers: Headers): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      expect((await login(username, { password: 'not the password' }, headers)).status).toBe(401);
    }
  };
  const statusOf = async (username: string, headers: Headers): Promise<number> =>
    (await login(username, {}, headers)).status;

  it('is given a token that says so, when it asks to be remembered: in the body and as a cookie', async () => {
    const answer = await login(await aUser(), { remember_device: true });
    expect(answer.body.device_token).toMatch(/^dwdt_[\w-]+$/);
    expect(cookiesOf(answer)).toEqual({
      dw_device: {
        value: answer.body.device_token,
        attributes: ['HttpOnly', `Max-Age=${DAYS_90}`, 'Path=/', 'SameSite=Strict'],
      },
    });
  });

  it('is given one by a form that is ticked, too', async () => {
    const form = { username: await aUser(), password: PASSWORD, remember_device: 'true' };
    for (const path of ['/auth/login', '/auth/token']) {
      const answer = await service.client.post(path, { form });
      expect(Object.keys(cookiesOf(answer))).toEqual(['dw_device']);
      expect(answer.body.device_token).toMatch(/^dwdt_/);
    }
  });

  it.each<[string, Record<string, unknown>]>([
    ['nothing is said', {}],
    ['it is not to be remembered', { remember_device: false }],
    ['nothing is made of it', { remember_device: null }],
  ])('is given none where %s', async (_, json) => {
    const answer = await login(await aUser(), json);
    expect(answer.status).toBe(200);
    expect(answer.body).not.toHaveProperty('device_token');
    expect(cookiesOf(answer)).toEqual({});
  });

  it('is given none when the sign-in is refused', async () => {
    const answer = await login(await aUser(), { remember_device: true, password: 'not the password' });
    expect([answer.status, cookiesOf(answer)]).toEqual([401, {}]);
  });

  it('gets into an account whose network is locked, by header and by cookie, and nobody else does', async () => {
    const ann = await aUser();
    const token = await remembered(ann);
    await guess(ann, 5, from(HOME));
    expect(await statusOf(ann, from(HOME))).toBe(401);
    expect(await statusOf(ann, from(HOME, { 'x-device-token': token }))).toBe(200);
    expect(await statusOf(ann, from(HOME, { cookie: `dw_device=${token}` }))).toBe(200);
    expect(await statusOf(ann, from(HOME))).toBe(401);
    expect(await statusOf(ann, from(CAFE))).toBe(200);
  });

  it('gets into an account that is stopped for all others', async () => {
    const ann = await aUser();
    const token = await remembered(ann);
    await guess(ann, 5, from(HOME));
    await guess(ann, 1, from(CAFE));
    expect(await statusOf(ann, from('192.0.2.77'))).toBe(401);
    expect(await statusOf(ann, from(HOME, { 'x-device-token': token }))).toBe(200);
    expect(await statusOf(ann, from('192.0.2.77'))).toBe(401);
  });

  it('has nothing to gain for another account', async () => {
    const [ann, bob] = [await aUser(), await aUser()];
    const token = await remembered(ann);
    await guess(bob, 5, from(HOME));
    expect(await statusOf(bob, from(HOME, { 'x-device-token': token }))).toBe(401);
    expect(await statusOf(bob, from(CAFE, { 'x-device-token': token }))).toBe(200);
  });

  it('is one like any other once the password was changed', async () => {
    const ann = await aUser();
    const token = await remembered(ann);
    const { access } = await service.client.signedIn(ann);
    const json = { current_password: PASSWORD, new_password: NEXT };
    expect((await service.client.post('/auth/password/change', { json, token: access })).status).toBe(204);
    await guess(ann, 5, from(HOME));
    const again = { 'x-device-token': token };
    expect((await login(ann, { password: NEXT }, from(HOME, again))).status).toBe(401);
    expect((await login(ann, { password: NEXT }, from(CAFE, again))).status).toBe(200);
  });

  it('is the same one after it signed in again', async () => {
    const ann = await aUser();
    const first = await remembered(ann);
    const { body } = await login(ann, { remember_device: true }, from(HOME, { 'x-device-token': first }));
    const renewed = String(body.device_token);
    await guess(ann, 5, from(HOME, { 'x-device-token': renewed }));
    expect(await statusOf(ann, from(HOME, { 'x-device-token': first }))).toBe(401);
    expect(await statusOf(ann, from(HOME))).toBe(200);
  });

  it('may show whatever it likes: what is none of ours is as good as nothing', async () => {
    const ann = await aUser();
    const token = await remembered(ann);
    await guess(ann, 5, from(HOME));
    const garbage = ['garbage', 'dwdt_', `dwdt_${'A'.repeat(107)}`, `${token}x`, 'x'.repeat(600), '" ; drop', '%00%ff'];
    for (const each of garbage) {
      const ways: readonly Headers[] = [{ 'x-device-token': each }, { cookie: `dw_device=${each}` }];
      for (const headers of ways) {
        expect([each, await statusOf(ann, from(CAFE, headers))]).toEqual([each, 200]);
        expect([each, await statusOf(ann, from(HOME, headers))]).toEqual([each, 401]);
      }
    }
  });

  it('is known by the header where that and the cookie differ', async () => {
    const ann = await aUser();
    const token = await remembered(ann);
    await guess(ann, 5, from(HOME));
    const good = { 'x-device-token': token, cookie: 'dw_device=garbage' };
    const bad = { 'x-device-token': 'garbage', cookie: `dw_device=${token}` };
    expect(await statusOf(ann, from(HOME, good))).toBe(200);
    expect(await statusOf(ann, from(HOME, bad))).toBe(401);
  });
});

describe('a browser that has signed in over https', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await aServiceAt(HTTPS);
    await service.client.register('ann@example.com');
  });
  afterAll(() => service.stop());

  const login = (headers: Headers, more: Readonly<Record<string, unknown>> = { remember_device: true }) => {
    const json = { username: 'ann@example.com', password: PASSWORD, ...more };
    return service.client.post('/auth/login', { json, headers });
  };

  it('keeps its token out of the reach of scripts and other sites, and of http', async () => {
    expect(cookiesOf(await login({}))).toEqual({
      '__Host-dw_device': {
        value: expect.stringMatching(/^dwdt_/) as string,
        attributes: ['HttpOnly', `Max-Age=${DAYS_90}`, 'Path=/', 'SameSite=Strict', 'Secure'],
      },
    });
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['and is remembered', { remember_device: true }, ['__Host-dw_device', '__Host-dw_refresh']],
    ['and is not', {}, ['__Host-dw_refresh']],
  ])('has nothing but in cookies when it asks for that %s', async (_, more, cookies) => {
    const answer = await login({ 'x-token-delivery': 'cookie' }, more);
    expect(Object.keys(cookiesOf(answer)).sort()).toEqual(cookies);
    expect(answer.body).not.toHaveProperty('device_token');
    expect(answer.body).not.toHaveProperty('refresh_token');
  });

  it.each<[string, Headers]>([
    ['our own site', { origin: HTTPS, 'sec-fetch-site': 'same-origin' }],
    ['a listed one', { origin: APP, 'sec-fetch-site': 'cross-site' }],
  ])('keeps the token when a page of %s signed in', async (_, headers) => {
    expect(Object.keys(cookiesOf(await login(headers)))).toEqual(['__Host-dw_device']);
  });

  it.each<[string, Headers]>([
    ['another site', { origin: EVIL, 'sec-fetch-site': 'cross-site' }],
    ['another site, by a browser that does not say more', { origin: EVIL }],
    ['a sister site', { origin: 'https://other.example.com', 'sec-fetch-site': 'same-site' }],
    ['no origin at all', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ])('keeps its own token when a page of %s signed in', async (_, headers) => {
    const answer = await login(headers);
    expect([answer.status, cookiesOf(answer)]).toEqual([200, {}]);
    expect(answer.body.device_token).toMatch(/^dwdt_/);
  });

  it('keeps its token when it refreshes, switches and signs out', async () => {
    const { body } = await login({});
    const token = body.access_token;
    const answers = [
      await service.client.refresh(body.refresh_token),
      await service.client.post('/auth/logout', { token }),
    ];
    expect(answers.map(cookiesOf)).toEqual([{}, {}]);
    expect(answers.map(({ status }) => status)).toEqual([200, 204]);
  });
});
