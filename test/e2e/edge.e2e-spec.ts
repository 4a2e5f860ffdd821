import type { Answer } from '../support/client';
import { expectProblem } from '../support/problems';
import { spoken } from '../support/raw-http';
import { expectSecurityHeaders } from '../support/security-headers';
import { aService, type TestService } from '../support/service';

const ORIGIN = 'https://app.example.com';
const JSON_TYPE = { 'content-type': 'application/json' };

describe('the edge of the service', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await aService({ variables: { CORS_ORIGINS: ORIGIN } });
    await service.client.register('ann@example.com');
  });
  afterAll(() => service.stop());

  const cases: readonly [string, () => Promise<Answer>][] = [
    ['200', () => service.client.get('//health')],
    ['201', () => service.client.register('headers@example.com')],
    ['400', () => service.client.post('/auth/login', { raw: '{', headers: JSON_TYPE })],
    ['401', () => service.client.get('/auth/me')],
    ['404', () => service.client.get('/nowhere')],
    ['405', () => service.client.get('/auth/login')],
    ['413', () => service.client.post('/auth/login', { raw: 'x'.repeat(102_401), headers: JSON_TYPE })],
    ['415', () => service.client.post('/auth/login', { raw: 'x', headers: { 'content-type': 'text/plain' } })],
    ['422', () => service.client.post('/auth/login', { json: {} })],
    ['204', () => service.client.call('OPTIONS', '/auth/login', {})],
  ];

  it.each(cases)('sends the security headers and a request id with a %s', async (status, call) => {
    const { status: answered, headers } = await call();
    expect(String(answered)).toBe(status);
    expectSecurityHeaders(headers);
  });

  it.each(['abc_DEF-123', 'x'.repeat(64)])('echoes the request id %s', async (id) => {
    const { headers, body } = await service.client.get('/auth/me', { headers: { 'x-request-id': id } });
    expect([headers.get('x-request-id'), body.request_id]).toEqual([id, id]);
  });

  it.each(['a b', 'x'.repeat(65), 'a;b', '<b>'])('makes a request id of its own instead of %s', async (id) => {
    const { headers } = await service.client.get('//health', { headers: { 'x-request-id': id } });
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  });

  it('lets listed origins read, and no other', async () => {
    const preflight = (origin: string): Promise<Answer> =>
      service.client.call('OPTIONS', '/auth/login', { headers: { origin, 'access-control-request-method': 'POST' } });
    expect((await preflight(ORIGIN)).headers.get('access-control-allow-origin')).toBe(ORIGIN);
    for (const origin of [
      'null',
      `${ORIGIN}.evil.example`,
      'https://evil.example',
      'http://app.example.com',
      `${ORIGIN}:8443`,
    ]) {
      const { headers } = await preflight(origin);
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('vary')).toMatch(/Origin/i);
    }
  });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('lets listed origins call with %s', async (method) => {
    const headers = { origin: ORIGIN, 'access-control-request-method': method };
    const answer = await service.client.call('OPTIONS', '/users/me', { headers });
    expect(answer.headers.get('access-control-allow-methods')?.split(', ')).toContain(method);
  });

  it('refuses two credentials at once, everywhere', async () => {
    const { access } = await service.client.signedIn('ann@example.com');
    const headers = { 'x-api-key': 'dw_live_x' };
    for (const path of ['/auth/me', '/users/me', '/auth/audit-logs', '//health']) {
      expectProblem(await service.client.get(path, { token: access, headers }), 400, 'CREDENTIALS_AMBIGUOUS');
    }
  });

  it.each([
    ['X-API-Key', { 'x-api-key': 'dw_live_nobody' }],
    ['Bearer', { authorization: 'Bearer dw_live_nobody' }],
    ['bearer, in lower case', { authorization: 'bearer dw_live_nobody' }],
  ])('says API_KEY_INVALID of an unknown key sent as %s', async (_name, headers) => {
    expectProblem(await service.client.get('/auth/me', { headers }), 401, 'API_KEY_INVALID');
  });

  it.each(['Basic YTpi', 'Bearer', 'Token x', ''])('takes "%s" for no access token of ours', async (authorization) => {
    const answer = await service.client.get('/auth/me', { headers: { authorization } });
    expect(answer.status).toBe(401);
  });

  it('lets an old token stand in nobody’s way on a public route', async () => {
    const answer = await service.client.post('/auth/login', {
      json: { username: 'ann@example.com', password: 'correct horse battery staple' },
      token: 'an.old.token',
    });
    expect(answer.status).toBe(200);
  });

  it.each(['GET /health HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n', 'nonsense\r\n\r\n'])(
    'answers what is not HTTP in the shape of every error',
    async (bytes) => {
      expect(await spoken(service.url, bytes)).toMatch(
        /^HTTP\/1\.1 400 [\s\S]*problem\+json[\s\S]*"error_code":"MALFORMED_REQUEST"/,
      );
    },
  );

  it('answers headers over 16 KiB with 431', async () => {
    const answer = await spoken(service.url, `GET /health HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`);
    expect(answer).toMatch(
      /^HTTP\/1\.1 431 [\s\S]*Strict-Transport-Security[\s\S]*X-Request-ID[\s\S]*"error_code":"HEADERS_TOO_LARGE"/,
    );
  });

  it('answers a request with an expectation nobody knows, rather than send a bare 417', async () => {
    const answer = await spoken(
      service.url,
      'GET /health/live HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*"status":"ok"/);
  });

  it('reports itself alive and ready', async () => {
    expect((await service.client.get('//health/live')).body).toEqual({ status: 'ok' });
    expect((await service.client.get('//health/ready')).body).toMatchObject({
      status: 'ok',
      checks: { database: 'up', migrations: 'up' },
    });
  });

  it('needs a credential on every route that is not listed as public', async () => {
    const open = ['/auth/register', '/auth/login', '/auth/token', '/auth/refresh', '/auth/logout'];
    const guarded: readonly [string, string][] = [
      ['GET', '/auth/me'],
      ['GET', '/auth/audit-logs'],
      ['GET', '/users/me'],
      ['PATCH', '/users/me'],
      ['POST', '/auth/password/change'],
    ];
    for (const [method, path] of guarded)
      expectProblem(await service.client.call(method, path, {}), 401, 'TOKEN_MISSING');
    for (const path of open.slice(0, 3)) expect((await service.client.post(path, { json: {} })).status).toBe(422);
  });
});
