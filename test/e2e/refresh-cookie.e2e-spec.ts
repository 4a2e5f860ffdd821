import { type Answer, PASSWORD } from '../support/client';
import { expectProblem } from '../support/problems';
import { aService, type TestService } from '../support/service';

const PUBLIC_URL = 'https://auth.example.com';
const APP = 'https://app.example.com';
const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };

describe('a refresh token in a cookie', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await aService({ variables: { PUBLIC_URL, CORS_ORIGINS: APP } });
    await service.client.register('ann@example.com');
  });
  afterAll(() => service.stop());

  const login = (headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
    service.client.post('/auth/login', {
      json: { username: 'ann@example.com', password: PASSWORD },
      headers: { 'x-token-delivery': 'cookie', ...headers },
    });
  const cookieOf = (answer: Answer): string => (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const refresh = (cookie: string, headers: Readonly<Record<string, string>> = SAME_ORIGIN): Promise<Answer> =>
    service.client.post('/auth/refresh', { headers: { cookie, ...headers } });

  it('is out of the reach of scripts and other sites, and not in the body', async () => {
    const answer = await login();
    expect(answer.body).not.toHaveProperty('refresh_token');
    const [value = '', ...attributes] = (answer.headers.get('set-cookie') ?? '').split('; ');
    expect(value).toMatch(/^__Host-dw_refresh=dwrt_/);
    expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=604800', 'Path=/', 'SameSite=Strict', 'Secure']);
  });

  it('is exchanged for the next one, which comes as a cookie again', async () => {
    const first = cookieOf(await login());
    const answer = await refresh(first);
    expect(answer.status).toBe(200);
    expect(answer.body).not.toHaveProperty('refresh_token');
    expect(cookieOf(answer)).toMatch(/^__Host-dw_refresh=dwrt_/);
    expect(cookieOf(answer)).not.toBe(first);
  });

  it.each<[string, Record<string, string>]>([
    ['no word of where it comes from', {}],
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a sister site', { 'sec-fetch-site': 'same-site', origin: 'https://other.example.com' }],
    ['an unlisted origin', { origin: 'https://evil.example' }],
    ['no origin', { origin: 'null' }],
  ])('is refused with %s', async (_name, headers) => {
    expectProblem(await refresh(cookieOf(await login()), headers), 403, 'CROSS_SITE_REQUEST');
  });

  it('is taken from a listed origin', async () => {
    const answer = await refresh(cookieOf(await login()), { 'sec-fetch-site': 'cross-site', origin: APP });
    expect(answer.status).toBe(200);
  });

  it('is not planted by another site', async () => {
    expectProblem(await login({ origin: 'https://evil.example' }), 403, 'CROSS_SITE_REQUEST');
  });

  it('ends with the sign-out, and is taken away', async () => {
    const cookie = cookieOf(await login());
    const answer = await service.client.post('/auth/logout', { headers: { cookie, ...SAME_ORIGIN } });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-dw_refresh=; Max-Age=0/);
    expectProblem(await refresh(cookie), 401, 'REFRESH_TOKEN_INVALID');
  });

  it('is refused beside another refresh token, or another session’s access token', async () => {
    const cookie = cookieOf(await login());
    const { access, refresh: other } = await service.client.signedIn('ann@example.com');
    const both = { json: { refresh_token: other }, headers: { cookie, ...SAME_ORIGIN } };
    expectProblem(await service.client.post('/auth/refresh', both), 400, 'CREDENTIALS_AMBIGUOUS');
    const signOut = { token: access, headers: { cookie, ...SAME_ORIGIN } };
    expectProblem(await service.client.post('/auth/logout', signOut), 400, 'CREDENTIALS_AMBIGUOUS');
  });

  it('is taken away once it is worth nothing', async () => {
    const answer = await refresh('__Host-dw_refresh=spent');
    expectProblem(answer, 401, 'REFRESH_TOKEN_INVALID');
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-dw_refresh=; Max-Age=0/);
  });

  it('is not exchanged beside the access token of another session, nor is one in the body', async () => {
    const [mine, other] = [
      await service.client.signedIn('ann@example.com'),
      await service.client.signedIn('ann@example.com'),
    ];
    const json = { refresh_token: mine.refresh };
    expectProblem(
      await service.client.post('/auth/refresh', { json, token: other.access }),
      400,
      'CREDENTIALS_AMBIGUOUS',
    );
    expect((await service.client.post('/auth/refresh', { json, token: mine.access })).status).toBe(200);
  });

  it('is read nowhere else', async () => {
    const cookie = cookieOf(await login());
    expectProblem(await service.client.get('/auth/me', { headers: { cookie, ...SAME_ORIGIN } }), 401, 'TOKEN_MISSING');
  });
});
