import { type Answer, PASSWORD } from '../support/client';
import { ONE_DATABASE } from '../support/database';
import { expectProblem, expectProblemShape } from '../support/problems';
import { aService, type TestService } from '../support/service';

const HOSTILE: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER + 2,
  '',
  ' ',
  '\t\r\n',
  '\u0000',
  'a\u0000b',
  '\u0007',
  '\u202e\u2066',
  '\ufeff',
  '\uffff',
  'é'.normalize('NFD'),
  '𝔞𝔫𝔫@example.com',
  '👩‍👩‍👧‍👧',
  'x'.repeat(300),
  'x'.repeat(90_000),
  "' OR '1'='1",
  '"; DROP TABLE users; --',
  '$(id)',
  '{{7*7}}',
  '${7*7}',
  '<script>alert(1)</script>',
  '../../../../etc/passwd',
  '%00',
  '%s%n',
  'constructor',
  '__proto__',
  'toString',
  'a@b@c',
  'Ann <ann@example.com>\r\nBcc: x@example.com',
  [],
  ['ann@example.com'],
  [[[[[]]]]],
  {},
  { $ne: null },
  { toString: 'x', constructor: { prototype: {} } },
];

type Target = {
  readonly path: string;
  readonly method: string;
  readonly valid: Readonly<Record<string, unknown>>;
  readonly signedIn?: boolean;
};

const TARGETS: readonly Target[] = [
  {
    method: 'POST',
    path: '/auth/register',
    valid: {
      email: 'hostile@example.com',
      password: PASSWORD,
      username: 'hostile',
      first_name: 'A',
      last_name: 'B',
      tenant_name: 'C',
      website_url: '',
    },
  },
  {
    method: 'POST',
    path: '/auth/login',
    valid: { username: 'ann@example.com', password: PASSWORD, tenant: 'none', remember_device: false, website_url: '' },
  },
  {
    method: 'POST',
    path: '/auth/token',
    valid: {
      username: 'ann@example.com',
      password: PASSWORD,
      grant_type: 'password',
      scope: '',
      client_id: '',
      client_secret: '',
    },
  },
  { method: 'POST', path: '/auth/refresh', valid: { refresh_token: 'dwrt_x' } },
  { method: 'POST', path: '/auth/logout', valid: { refresh_token: 'dwrt_x' } },
  {
    method: 'POST',
    path: '/auth/password/change',
    valid: { current_password: 'not the password', new_password: 'a wholly new phrase' },
    signedIn: true,
  },
  { method: 'POST', path: '/auth/password-reset/request', valid: { email: 'hostile@example.com' } },
  {
    method: 'POST',
    path: '/auth/password-reset/confirm',
    valid: { token: 'no token', email: null, code: null, new_password: 'a wholly new phrase' },
  },
  { method: 'POST', path: '/auth/email/verify', valid: { token: null, email: 'a@example.com', code: '000000' } },
  { method: 'POST', path: '/auth/email/change', valid: { new_email: 'ann@example.org' }, signedIn: true },
  { method: 'PATCH', path: '/users/me', valid: { username: 'ann', first_name: 'A', last_name: 'B' }, signedIn: true },
];

/** Bodies that were refused for their shape. No database was asked about them, so they are sent to one service alone. */
const misshapen = new Set<string>();
const OF_THE_SHAPE = ['MALFORMED_REQUEST', 'VALIDATION_FAILED'];

describe.each(ONE_DATABASE)('hostile input (%s)', (database) => {
  let service: TestService;
  let token: string;

  beforeAll(async () => {
    // More come at once here than a service of two cores would let wait. Of each hostile password one is hashed.
    service = await aService({ database, variables: { HASHING_QUEUE: '1000' }, hashesOnce: true });
    token = (await service.client.signedUp('ann@example.com')).access;
  });
  afterAll(() => service.stop());

  const send = ({ method, path, signedIn }: Target, json: unknown): Promise<Answer> =>
    service.client.call(method, path, { json, ...(signedIn && { token }) });

  function expectSane(answer: Answer): void {
    expect(answer.status).toBeLessThan(500);
    if (answer.status >= 400) expectProblemShape(answer);
  }

  it.each(TARGETS.map((target) => [`${target.method} ${target.path}`, target] as const))(
    '%s answers every hostile value of every field in the shape of the contract',
    async (_name, target) => {
      for (const field of [...Object.keys(target.valid), 'unknown', '__proto__', 'hasOwnProperty', 'constructor']) {
        const bodies = HOSTILE.map((value, index) => ({
          name: `${target.path} ${field} ${index}`,
          json: { ...target.valid, ...Object.fromEntries([[field, value]]) },
        })).filter(({ name }) => !misshapen.has(name));
        const answers = await Promise.all(bodies.map(({ json }) => send(target, json)));
        answers.forEach(expectSane);
        answers.forEach(({ body }, index) => {
          if (OF_THE_SHAPE.includes(body.error_code)) misshapen.add(bodies[index]!.name);
        });
      }
    },
  );

  it.each(TARGETS.map((target) => [`${target.method} ${target.path}`, target] as const))(
    '%s refuses a field it does not know, by name',
    async (_name, target) => {
      for (const field of ['is_admin', 'hasOwnProperty', 'toString', 'id']) {
        const answer = await send(target, { ...target.valid, [field]: 'x' });
        expectProblem(answer, 422, 'VALIDATION_FAILED');
        expect(answer.body.errors).toContainEqual(expect.objectContaining({ field, code: 'FIELD_UNKNOWN' }));
      }
    },
  );

  it('takes forms with hostile values as calmly', async () => {
    const values = HOSTILE.filter((value) => typeof value === 'string');
    const forms = values.flatMap((value) => [
      { username: value, password: PASSWORD },
      { username: 'ann@example.com', password: value },
    ]);
    // Never more at once than there are seats for: whoever finds none is told so by 503.
    for (const form of forms) {
      const paths = ['/auth/login', '/auth/token'];
      (await Promise.all(paths.map((path) => service.client.post(path, { form })))).forEach(expectSane);
    }
  });
});

describe('bodies that are not what they claim', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await aService();
  });
  afterAll(() => service.stop());

  const JSON_TYPE = { 'content-type': 'application/json' };
  const login = JSON.stringify({ username: 'ann@example.com', password: PASSWORD });

  it.each<[string, string | Uint8Array, Record<string, string>, number, string]>([
    ['half a JSON text', '{"username": "a"', JSON_TYPE, 400, 'MALFORMED_REQUEST'],
    ['a JSON text that is no object', '[1, 2]', JSON_TYPE, 400, 'MALFORMED_REQUEST'],
    ['the JSON text null', 'null', JSON_TYPE, 400, 'MALFORMED_REQUEST'],
    [
      'a field that is named twice',
      '{"username":"a","username":"b","password":"c"}',
      JSON_TYPE,
      400,
      'MALFORMED_REQUEST',
    ],
    ['a NUL in a value', '{"username":"a\\u0000","password":"c"}', JSON_TYPE, 400, 'MALFORMED_REQUEST'],
    ['half a surrogate pair', '{"username":"\\ud800","password":"c"}', JSON_TYPE, 400, 'MALFORMED_REQUEST'],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), JSON_TYPE, 400, 'MALFORMED_REQUEST'],
    ['a byte order mark', `\ufeff${login}`, JSON_TYPE, 400, 'MALFORMED_REQUEST'],
    ['twenty-one levels', '['.repeat(21) + ']'.repeat(21), JSON_TYPE, 400, 'MALFORMED_REQUEST'],
    ['fifty thousand levels', '['.repeat(50_000) + ']'.repeat(50_000), JSON_TYPE, 400, 'MALFORMED_REQUEST'],
    [
      'a list of a thousand and one',
      JSON.stringify({ username: Array.from({ length: 1001 }, () => 1) }),
      JSON_TYPE,
      400,
      'MALFORMED_REQUEST',
    ],
    ['a field named __proto__', '{"__proto__":{"username":"a"},"password":"c"}', JSON_TYPE, 400, 'MALFORMED_REQUEST'],
    ['a body over 100 KiB', JSON.stringify({ username: 'x'.repeat(102_400) }), JSON_TYPE, 413, 'BODY_TOO_LARGE'],
    ['text', login, { 'content-type': 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['XML', '<a/>', { 'content-type': 'application/xml' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'another character set',
      login,
      { 'content-type': 'application/json; charset=iso-8859-1' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['a compressed body', login, { ...JSON_TYPE, 'content-encoding': 'gzip' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'a form with a field twice',
      'username=a&username=b&password=c',
      { 'content-type': 'application/x-www-form-urlencoded' },
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'a form that is no UTF-8',
      'username=%ff&password=c',
      { 'content-type': 'application/x-www-form-urlencoded' },
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'a form with a NUL',
      'username=%00&password=c',
      { 'content-type': 'application/x-www-form-urlencoded' },
      400,
      'MALFORMED_REQUEST',
    ],
  ])('refuses %s', async (_name, raw, headers, status, code) => {
    expectProblem(await service.client.post('/auth/login', { raw, headers }), status, code);
  });

  it('takes a form only where the contract says so', async () => {
    const form = { email: 'form@example.com', password: PASSWORD };
    for (const path of ['/auth/register', '/auth/refresh', '/auth/logout']) {
      expectProblem(await service.client.post(path, { form }), 415, 'UNSUPPORTED_MEDIA_TYPE');
    }
  });

  it('names every missing field at once', async () => {
    const answer = await service.client.post('/auth/register', { json: {} });
    expectProblem(answer, 422, 'VALIDATION_FAILED');
    expect(answer.body.errors.map(({ field, code }) => [field, code]).sort()).toEqual([
      ['email', 'FIELD_REQUIRED'],
      ['password', 'FIELD_REQUIRED'],
    ]);
  });

  it.each([
    ['PASSWORD_TOO_WEAK', 'fourteenletter'],
    ['PASSWORD_TOO_SHORT', 'Abcde1!'],
    ['PASSWORD_BLOCKED', 'passwordpassword'],
    ['PASSWORD_TOO_LONG', 'x1'.repeat(129)],
  ])('says %s of a password the policy refuses', async (code, password) => {
    const answer = await service.client.register('weak@example.com', { password });
    expectProblem(answer, 422, 'VALIDATION_FAILED');
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ field: 'password', code }));
  });

  it.each(['/%ff', '/%00', '/auth/audit-logs?cursor=%00', '/auth/audit-logs?action=%ff', '/users/%2e%2e/%2e%2e'])(
    'answers the address %s in the shape of every error',
    async (path) => {
      const answer = await service.client.get(path);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    },
  );

  it('tells a path that does not exist from a method that does not', async () => {
    expectProblem(await service.client.get('/nowhere'), 404, 'NOT_FOUND');
    const answer = await service.client.get('/auth/login');
    expectProblem(answer, 405, 'METHOD_NOT_ALLOWED');
    expect(answer.headers.get('allow')).toBe('POST');
  });
});
