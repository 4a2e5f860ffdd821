import { randomBytes } from 'node:crypto';
import { METHODS } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { type Answer, PASSWORD } from '../support/client';
import { DATABASES } from '../support/database';
import { expectProblem } from '../support/problems';
import { answerTo, rawRequest } from '../support/raw-http';
import { expectSecurityHeaders } from '../support/security-headers';
import { aService, type TestService } from '../support/service';

const ORIGIN = 'https://app.example.com';
const JSON_TYPE = { 'content-type': 'application/json' };
const LOGIN = '/api/v1/auth/login';
const POST_JSON = `POST ${LOGIN} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n`;
const CHUNKED = `${POST_JSON}Transfer-Encoding: chunked\r\n`;
const KIB = 1024;

let service: TestService;
beforeAll(async () => {
  service = await aService({ variables: { CORS_ORIGINS: ORIGIN } });
  await service.client.register('ann@example.com');
});
afterAll(() => service.stop());

const raw = (bytes: string): Promise<Answer> => answerTo(service.url, bytes);
const get = (target: string): Promise<Answer> => raw(rawRequest(`GET ${target}`));
const login = (body: string | Uint8Array, headers: Readonly<Record<string, string>> = JSON_TYPE): Promise<Answer> =>
  service.client.post('/auth/login', { raw: body, headers });

/** Does something to the database that should not be, and takes it back. */
async function during<T>(harm: string, repair: string, work: () => Promise<T>): Promise<T> {
  await service.source.query(harm);
  try {
    return await work();
  } finally {
    await service.source.query(repair);
  }
}

const unready = (): Promise<Answer> =>
  during('ALTER TABLE migrations RENAME TO migrations_away', 'ALTER TABLE migrations_away RENAME TO migrations', () =>
    service.client.get('//health/ready'),
  );
const defective = (): Promise<Answer> =>
  during('ALTER TABLE users RENAME TO users_away', 'ALTER TABLE users_away RENAME TO users', () =>
    service.client.login('ann@example.com'),
  );

type Path = { readonly target: string; readonly methods: readonly string[] };

/** Every path of the document, a parameter filled in, with the methods it has. */
async function paths(): Promise<Path[]> {
  const { body } = await service.client.get('//docs-json');
  return Object.entries(body.paths as Record<string, object>).map(([path, operations]) => {
    const methods = Object.keys(operations).map((method) => method.toUpperCase());
    const withHead = methods.includes('GET') ? [...methods, 'HEAD'] : methods;
    return { target: path.replaceAll(/\{[^}]+\}/g, '01890000-0000-7000-8000-000000000000'), methods: withHead.sort() };
  });
}

describe('a method', () => {
  const odd = METHODS.filter((method) => !['OPTIONS', 'CONNECT'].includes(method));

  it('that a path does not have is answered with 405 and those it has, on every path', async () => {
    for (const { target, methods } of await paths()) {
      const missing = ['TRACE', 'QUERY', 'PROPFIND', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter(
        (method) => !methods.includes(method),
      );
      const answers = await Promise.all(missing.map((method) => raw(rawRequest(`${method} ${target}`))));
      for (const answer of answers) {
        expectProblem(answer, 405, 'METHOD_NOT_ALLOWED');
        expect([target, answer.headers.get('allow')]).toEqual([target, methods.join(', ')]);
      }
    }
  });

  it.each(odd.filter((method) => method !== 'POST'))('%s on a path that only takes POST gets a 405', async (method) => {
    const [bare, withBody] = [
      await raw(rawRequest(`${method} ${LOGIN}`)),
      await raw(rawRequest(`${method} ${LOGIN}`, { body: 'x' })),
    ];
    for (const { status, headers } of [bare, withBody]) expect([status, headers.get('allow')]).toEqual([405, 'POST']);
  });

  it.each(odd)('%s on a path nobody serves gets a 404', async (method) => {
    for (const target of ['/nowhere', '/api/v1/auth/sessions/', '/api/v1/users/me/x']) {
      const { status, headers } = await raw(rawRequest(`${method} ${target}`));
      expect([target, status, headers.get('allow')]).toEqual([target, 404, null]);
    }
  });

  it('is told for a whole address as for its path', async () => {
    const answer = await get(`http://elsewhere.example${LOGIN}?x=1`);
    expectProblem(answer, 405, 'METHOD_NOT_ALLOWED');
    expect(answer.headers.get('allow')).toBe('POST');
  });

  it('TRACE sends nothing back of what it was sent', async () => {
    const answer = await raw(rawRequest('TRACE /health', { headers: ['Cookie: secret=1', 'Authorization: Bearer x'] }));
    expectProblem(answer, 405, 'METHOD_NOT_ALLOWED');
    expect(answer.text).not.toMatch(/secret|Bearer/);
  });

  it('GET and HEAD change nothing, on any path', async () => {
    const { access } = await service.client.signedIn('ann@example.com');
    const state = async (): Promise<unknown> => {
      const tables = [
        'users',
        'tenants',
        'memberships',
        'sessions',
        'api_keys',
        'signing_keys',
        'outbox',
        'audit_events',
      ];
      // A session’s last_seen_at is written by the use of a token, whatever the method, and is no one’s decision.
      const row = "to_jsonb(t) - 'last_seen_at'";
      // That somebody read all that is held about them, or looked into the log, goes on record, and is no change of it.
      const kept = "coalesce(to_jsonb(t)->>'action', '') !~ '^(user[.]exported|audit[.].*)$'";
      const each = tables.map(
        (table) => `(SELECT json_agg(${row} ORDER BY ${row}) FROM ${table} t WHERE ${kept}) AS ${table}`,
      );
      return service.source.query(`SELECT ${each.join(', ')}`);
    };
    const before = await state();
    for (const { target, methods } of await paths()) {
      if (!methods.includes('GET')) continue;
      for (const method of ['GET', 'HEAD']) {
        const { status } = await raw(
          rawRequest(`${method} ${target}`, { headers: [`Authorization: Bearer ${access}`] }),
        );
        expect([target, status < 500]).toEqual([target, true]);
      }
    }
    expect(await state()).toEqual(before);
  });
});

describe('the security headers', () => {
  it.each<[string, number, () => Promise<Answer>]>([
    ['404 below the documentation', 404, () => get('/docs-not')],
    ['404 to an address without a path', 404, () => get('*')],
    ['404 to a path after a star', 404, () => get('*health/live')],
    ['404 to a question about the server', 404, () => raw(rawRequest('OPTIONS *'))],
    ['404 to a HEAD', 404, () => raw(rawRequest('HEAD /nowhere'))],
    ['405 to a TRACE', 405, () => raw(rawRequest('TRACE /health'))],
    ['405 to a HEAD', 405, () => raw(rawRequest(`HEAD ${LOGIN}`))],
    ['400 to an address that cannot be read', 400, () => get('/%zz')],
    ['400 to what is no HTTP', 400, () => raw('nonsense\r\n\r\n')],
    ['400 to a method nobody knows', 400, () => raw(rawRequest('BREW /health'))],
    ['400 to a version nobody speaks', 400, () => raw('GET /health HTTP/9.9\r\n\r\n')],
    ['400 to a tunnel', 400, () => raw('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n')],
    ['400 to two lengths', 400, () => raw(`${POST_JSON}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}`)],
    ['400 to a length and chunks', 400, () => raw(`${CHUNKED}Content-Length: 4\r\n\r\n0\r\n\r\n`)],
    ['400 to a chunk that is none', 400, () => raw(`${CHUNKED}\r\nzz\r\n`)],
    ['400 to a header without a colon', 400, () => raw('GET /health HTTP/1.1\r\nno colon\r\n\r\n')],
    ['413 to a length', 413, () => raw(`${POST_JSON}Content-Length: 99999999999\r\n\r\n{}`)],
    ['431', 431, () => raw(`GET /health HTTP/1.1\r\nX: ${'x'.repeat(17 * KIB)}\r\n\r\n`)],
    ['500', 500, () => defective()],
    ['503', 503, () => unready()],
  ])('come with a %s', async (_name, status, ask) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expectSecurityHeaders(answer.headers);
    if (answer.text !== '') expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('come with a 429', async () => {
    const limited = await aService({ variables: { RATE_LIMITS: 'on', RATE_LIMIT_REGISTER: '1/60/1' } });
    await limited.client.register('ann@example.com');
    const answer = await limited.client.register('bob@example.com');
    expectProblem(answer, 429, 'RATE_LIMIT_EXCEEDED');
    expectSecurityHeaders(answer.headers);
    await limited.stop();
  });

  it('come with the documentation, which may load its own scripts and nothing else', async () => {
    const { headers, status } = await service.client.get('//docs');
    const policy = headers.get('content-security-policy');
    expect(status).toBe(200);
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; [^]*frame-ancestors 'none'; base-uri 'none'/);
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe/);
  });

  it('come once each', async () => {
    const { headers } = await get('/nowhere');
    for (const name of ['content-security-policy', 'strict-transport-security', 'cache-control'])
      expect(headers.get(name)).not.toContain(', ');
  });
});

describe('a defect', () => {
  it('tells nothing of what is inside', async () => {
    const answer = await defective();
    expectProblem(answer, 500, 'INTERNAL_ERROR');
    expect(answer.body.detail).toBe('Something went wrong');
    expect(answer.text).not.toMatch(/users|relation|pg|typeorm/i);
  });
});

describe('the size of a request', () => {
  const withHeaders = (headers: readonly string[]): Promise<Answer> => raw(rawRequest('GET /health/live', { headers }));

  it('may be almost 16 KiB of headers', async () => {
    expect((await withHeaders([`X: ${'x'.repeat(15 * KIB)}`])).status).toBe(200);
  });

  it.each<[string, () => Promise<Answer>]>([
    ['one long header', () => withHeaders([`X: ${'x'.repeat(16 * KIB)}`])],
    ['many short headers', () => withHeaders(Array.from({ length: 3_000 }, (_, at) => `X${at}: x`))],
    ['a long name', () => withHeaders([`${'x'.repeat(16 * KIB)}: x`])],
    ['a long cookie', () => withHeaders([`Cookie: a=${'x'.repeat(16 * KIB)}`])],
    ['a long address', () => get(`/${'x'.repeat(16 * KIB)}`)],
    ['a long query', () => get(`/health/live?${'x'.repeat(16 * KIB)}`)],
    ['long trailers', () => raw(`${CHUNKED}\r\n2\r\n{}\r\n0\r\nX: ${'x'.repeat(17 * KIB)}\r\n\r\n`)],
  ])('is never more: %s', async (_name, ask) => {
    expectProblem(await ask(), 431, 'HEADERS_TOO_LARGE');
  });

  it('may be 100 KiB of body, told before or in chunks, and no byte more', async () => {
    const body = (bytes: number): string => `{"username":"${'x'.repeat(bytes - 15)}"}`;
    const inChunks = (text: string): string =>
      `${CHUNKED}\r\n${(text.length - 1).toString(16)}\r\n${text.slice(0, -1)}\r\n1\r\n${text.slice(-1)}\r\n0\r\n\r\n`;
    expect(body(100 * KIB)).toHaveLength(100 * KIB);
    expect((await login(body(100 * KIB))).status).toBe(422);
    expectProblem(await login(body(100 * KIB + 1)), 413, 'BODY_TOO_LARGE');
    expect((await raw(inChunks(body(100 * KIB)))).status).toBe(422);
    expectProblem(await raw(inChunks(body(100 * KIB + 1))), 413, 'BODY_TOO_LARGE');
  });
});

describe('the type of a body', () => {
  const body = JSON.stringify({ username: 'ann@example.com', password: PASSWORD });
  const bomb = '['.repeat(10_000_000);

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'APPLICATION/JSON; CHARSET="UTF-8"',
  ])('may be %s', async (type) => {
    expect((await login(body, { 'content-type': type })).status).toBe(200);
  });

  it.each([
    'application/jsonp',
    'application/problem+json',
    'application/json-seq',
    'text/json',
    'text/plain; application/json',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    'application/json; charset=utf-16',
    'application/json; charset=utf-7',
    'json',
    '*/*',
  ])('is never %s', async (type) => {
    expectProblem(await login(body, { 'content-type': type }), 415, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it('is never left out', async () => {
    const answer = await raw(rawRequest(`POST ${LOGIN}`, { body }));
    expectProblem(answer, 415, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it.each<[string, Uint8Array]>([
    ['gzip', gzipSync(body)],
    ['GZIP', gzipSync(bomb)],
    ['deflate', deflateSync(body)],
    ['br', brotliCompressSync(body)],
    ['identity, gzip', gzipSync(body)],
    ['gzip, gzip', gzipSync(gzipSync(body))],
    ['nonsense', Buffer.from(body)],
  ])('is refused compressed: %s', async (encoding, bytes) => {
    expectProblem(await login(bytes, { ...JSON_TYPE, 'content-encoding': encoding }), 415, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it('is not unpacked where the transfer says it is compressed', async () => {
    const packed = gzipSync(body).toString('latin1');
    const answer = await raw(
      `${POST_JSON}Transfer-Encoding: gzip, chunked\r\n\r\n${packed.length.toString(16)}\r\n${packed}\r\n0\r\n\r\n`,
    );
    expect(answer.status).toBe(400);
  });
});

describe('a value', () => {
  it.each<[string, unknown]>([
    ['a number', 1234567890123456],
    ['a boolean', true],
    ['a list', ['correct horse battery staple']],
    ['an object', { length: 28 }],
  ])('that is %s is never taken for the text it could be', async (_name, value) => {
    for (const [path, field] of [
      ['/auth/register', 'password'],
      ['/auth/register', 'email'],
      ['/auth/login', 'username'],
      ['/auth/login', 'password'],
      ['/auth/refresh', 'refresh_token'],
    ] as const) {
      const valid = { email: 'types@example.com', password: PASSWORD, username: 'types', refresh_token: 'x' };
      const names = {
        '/auth/register': ['email', 'password'],
        '/auth/login': ['username', 'password'],
        '/auth/refresh': [],
      };
      const json = Object.fromEntries([...names[path], field].map((name) => [name, valid[name as keyof typeof valid]]));
      const answer = await service.client.post(path, { json: { ...json, [field]: value } });
      expectProblem(answer, 422, 'VALIDATION_FAILED');
      expect(answer.body.errors.map((error) => error.field)).toEqual([field]);
    }
  });
});

describe('another origin', () => {
  const from = (origin: string): Promise<Answer> => service.client.get('//health/live', { headers: { origin } });
  const readable = ({ headers }: Answer): (string | null)[] =>
    ['access-control-allow-origin', 'access-control-allow-credentials'].map((name) => headers.get(name));

  it('may read an answer when it is listed', async () => {
    const answer = await from(ORIGIN);
    expect(readable(answer)).toEqual([ORIGIN, 'true']);
    expect(answer.headers.get('vary')).toMatch(/Origin/);
  });

  it.each([
    'null',
    '*',
    '',
    'https://evil.example',
    `${ORIGIN}.evil.example`,
    `${ORIGIN}/`,
    `${ORIGIN}:443`,
    'http://app.example.com',
    'https://evilapp.example.com',
    'https://app.example.com@evil.example',
    'HTTPS://APP.EXAMPLE.COM',
    'https://appXexample.com',
    `https://evil.example ${ORIGIN}`,
  ])('may read nothing when it is "%s"', async (origin) => {
    const answer = await from(origin);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.headers.get('vary')).toMatch(/Origin/);
  });

  it('may read errors too when it is listed', async () => {
    const { headers } = await service.client.get('/auth/me', { headers: { origin: ORIGIN } });
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
  });
});

// Production takes a database server and nothing else.
if (DATABASES.includes('postgres')) {
  describe('in production', () => {
    const PRODUCTION = { NODE_ENV: 'production', MASTER_KEY: randomBytes(32).toString('base64') };
    const HIDDEN = [
      '/docs',
      '/docs/',
      '/docs-json',
      '/docs-yaml',
      '/docs/swagger-ui.css',
      '/metrics',
      '/health/',
      '/health/details',
      '/queues',
      '/admin',
      '/.env',
      '/.git/config',
      '/openapi.json',
      '/package.json',
      '/api/v1',
      '/',
    ];
    let production: TestService;
    beforeAll(async () => {
      production = await aService({ database: 'postgres', variables: PRODUCTION });
    });
    afterAll(() => production.stop());

    it.each(HIDDEN)('there is no %s', async (path) => {
      expectProblem(await production.client.get(`/${path}`), 404, 'NOT_FOUND');
    });

    it.each(['/health', '/health/ready'])('%s says whether, and not why', async (path) => {
      expect((await production.client.get(`/${path}`)).body).toEqual({ status: 'ok' });
      await production.source.query('ALTER TABLE migrations RENAME TO migrations_away');
      const answer = await production.client.get(`/${path}`);
      await production.source.query('ALTER TABLE migrations_away RENAME TO migrations');
      expectProblem(answer, 503, 'DEPENDENCY_UNAVAILABLE');
      expect(answer.body.detail).toBe('Temporarily unavailable');
      expect(answer.text).not.toMatch(/migrations|redis|mail|database/i);
    });

    it('there is documentation for who switches it on', async () => {
      const documented = await aService({ database: 'postgres', variables: { ...PRODUCTION, DOCS: 'on' } });
      expect((await documented.client.get('//docs-json')).status).toBe(200);
      await documented.stop();
    });
  });
}
