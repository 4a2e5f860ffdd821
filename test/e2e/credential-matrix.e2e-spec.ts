import type { Answer, Call } from '../support/client';
import { PASSWORD } from '../support/client';
import { KeyHolder } from '../support/key-holder';
import { expectProblem } from '../support/problems';
import { aService, type TestService } from '../support/service';

const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };

/** What the words of the tables stand for. */
const WORDS: Readonly<Record<string, string>> = {
  missing: '401 TOKEN_MISSING',
  invalid: '401 TOKEN_INVALID',
  expired: '401 TOKEN_EXPIRED',
  'no key': '401 API_KEY_INVALID',
  'no refresh': '401 REFRESH_TOKEN_INVALID',
  'no right': '403 INSUFFICIENT_PERMISSIONS',
  'step up': '403 STEP_UP_REQUIRED',
};

/** What every credential opens. Where there is a number, it does. */
const CREDENTIALS = `
                                  | who am I | account | sessions | password | end others | new key  | address  | policy   | introspect | refresh    | logout     | revoke | keys
  none                            | missing  | missing | missing  | missing  | missing    | missing  | missing  | missing  | missing    | no refresh | missing    | 200    | 200
  an access token                 | 200      | 200     | 200      | 204      | 200        | 201      | 202      | 200      | no right   | no refresh | 204        | 200    | 200
  an access token, expired        | expired  | expired | expired  | expired  | expired    | expired  | expired  | expired  | expired    | no refresh | expired    | 200    | 200
  one of an ended session         | invalid  | invalid | invalid  | invalid  | invalid    | invalid  | invalid  | invalid  | invalid    | no refresh | invalid    | 200    | 200
  one of an old sign-in           | 200      | 200     | 200      | step up  | step up    | step up  | step up  | 200      | no right   | no refresh | 204        | 200    | 200
  an access token as API key      | no key   | no key  | no key   | no key   | no key     | no key   | no key   | no key   | no key     | no refresh | no key     | 200    | 200
  a refresh token as bearer       | invalid  | invalid | invalid  | invalid  | invalid    | invalid  | invalid  | invalid  | invalid    | no refresh | invalid    | 200    | 200
  a refresh token as API key      | no key   | no key  | no key   | no key   | no key     | no key   | no key   | no key   | no key     | no refresh | no key     | 200    | 200
  a refresh cookie                | missing  | missing | missing  | missing  | missing    | missing  | missing  | missing  | missing    | 200        | 204        | 200    | 200
  an API key                      | 200      | no right| no right | no right | no right   | no right | no right | 200      | 200        | no refresh | no right   | 200    | 200
  an API key as bearer            | 200      | no right| no right | no right | no right   | no right | no right | 200      | 200        | no refresh | no right   | 200    | 200
  an API key without the right    | 200      | no right| no right | no right | no right   | no right | no right | no right | no right   | no refresh | no right   | 200    | 200
  a revoked API key               | no key   | no key  | no key   | no key   | no key     | no key   | no key   | no key   | no key     | no refresh | no key     | 200    | 200
  an ID token of ours             | invalid  | invalid | invalid  | invalid  | invalid    | invalid  | invalid  | invalid  | invalid    | no refresh | invalid    | 200    | 200
`;

/** What is taken in the place of a refresh token. */
const IN_ITS_PLACE = `
                                  | refresh by body | refresh by cookie | logout by body | logout by cookie
  a refresh token                 | 200             | 200               | 204            | 204
  an access token                 | no refresh      | no refresh        | no refresh     | no refresh
  an API key                      | no refresh      | no refresh        | no refresh     | no refresh
  an ID token of ours             | no refresh      | no refresh        | no refresh     | no refresh
`;

/** What answers without a credential. That these are all is part of the contract. */
const PUBLIC = [
  'get /.well-known/jwks.json',
  'get /.well-known/oauth-authorization-server',
  'get /api/v1/auth/oauth/providers',
  'get /api/v1/auth/oauth/{provider}/callback',
  'get /api/v1/auth/oauth/{provider}/login',
  'get /health',
  'get /health/live',
  'get /health/ready',
  'post /api/v1/auth/email/change/confirm',
  'post /api/v1/auth/email/change/undo',
  'post /api/v1/auth/email/verify',
  'post /api/v1/auth/email/verify/resend',
  'post /api/v1/auth/invitations/accept',
  'post /api/v1/auth/login',
  'post /api/v1/auth/mfa/challenge/send',
  'post /api/v1/auth/mfa/challenge/verify',
  'post /api/v1/auth/oauth/callback',
  'post /api/v1/auth/password-reset/confirm',
  'post /api/v1/auth/password-reset/request',
  'post /api/v1/auth/refresh',
  'post /api/v1/auth/register',
  'post /api/v1/auth/revoke',
  'post /api/v1/auth/token',
];

/** What makes, shows or ends credentials, and what would let a key act as more than a key. Keys do none of it (AK-04). */
const OF_CREDENTIALS =
  /^(\w+ \/api\/v1\/(api-keys|mfa|users\/me|auth\/(?!me$|introspect$|audit-logs\/all$))|(post|put|patch|delete) \/api\/v1\/users)/;

type Row = { readonly name: string; readonly expected: Readonly<Record<string, string>> };

/** Rows of a table of words, with the codes they stand for. */
function rowsOf(table: string): Row[] {
  const cells = table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const [[, ...columns] = [], ...rows] = cells;
  return rows.map(([name = '', ...words]) => ({
    name,
    expected: Object.fromEntries(columns.map((column, at) => [column, WORDS[words[at] ?? ''] ?? words[at] ?? ''])),
  }));
}

/** A user with one of each credential. */
type Holder = {
  readonly access: string;
  readonly refresh: string;
  readonly key: string;
  readonly weakKey: string;
  readonly revokedKey: string;
  readonly ended: string;
  readonly tenant: string;
};

describe('a credential', () => {
  const signer = new KeyHolder();
  let service: TestService;
  let users = 0;

  beforeAll(async () => {
    service = await aService({ variables: { ...signer.variables, RATE_LIMITS: 'off' } });
  });
  afterAll(() => service.stop());

  async function aHolder(): Promise<Holder> {
    const { client } = service;
    users += 1;
    const email = `user-${users}@example.com`;
    const { access, refresh } = await client.signedUp(email, { tenant_name: 'Acme' });
    const { access: ended } = await client.signedIn(email);
    await client.post('/auth/logout', { token: ended });
    const aKey = async (permission: string): Promise<{ id: string; key: string }> => {
      const json = { name: 'a key', permissions: [permission] };
      const { body } = await client.post('/api-keys', { json, token: access });
      return { id: String(body.id), key: String(body.key) };
    };
    const [strong, weak, revoked] = [await aKey('*:*'), await aKey('detector:read'), await aKey('*:*')];
    await client.call('DELETE', `/api-keys/${revoked.id}`, { token: access });
    const { body: me } = await client.get('/auth/me', { token: access });
    const { id: tenant } = me.tenant as { id: string };
    return { access, refresh, ended, tenant, key: strong.key, weakKey: weak.key, revokedKey: revoked.key };
  }

  const idToken = ({ access }: Holder): string => signer.altered(access, { header: { typ: 'JWT' } });
  const bearer = (token: string): Call => ({ headers: { authorization: `Bearer ${token}` } });
  const apiKey = (key: string): Call => ({ headers: { 'x-api-key': key } });
  const cookie = (token: string): Call => ({ headers: { cookie: `dw_refresh=${token}`, ...SAME_ORIGIN } });

  const PRESENTED: Readonly<Record<string, (holder: Holder) => Call>> = {
    none: () => ({}),
    'an access token': ({ access }) => bearer(access),
    'an access token, expired': ({ access }) => bearer(signer.expired(access)),
    'one of an ended session': ({ ended }) => bearer(ended),
    'one of an old sign-in': ({ access }) => bearer(signer.ofAnOldSignIn(access)),
    'an access token as API key': ({ access }) => apiKey(access),
    'a refresh token as bearer': ({ refresh }) => bearer(refresh),
    'a refresh token as API key': ({ refresh }) => apiKey(refresh),
    'a refresh cookie': ({ refresh }) => cookie(refresh),
    'an API key': ({ key }) => apiKey(key),
    'an API key as bearer': ({ key }) => bearer(key),
    'an API key without the right': ({ weakKey }) => apiKey(weakKey),
    'a revoked API key': ({ revokedKey }) => apiKey(revokedKey),
    'an ID token of ours': (holder) => bearer(idToken(holder)),
  };

  /** In the order of the table: what ends the session comes last. */
  const CALLS: Readonly<Record<string, (holder: Holder, presented: Call) => Promise<Answer>>> = {
    'who am I': (_, presented) => service.client.get('/auth/me', presented),
    account: (_, presented) => service.client.get('/users/me', presented),
    sessions: (_, presented) => service.client.get('/auth/sessions', presented),
    password: (_, presented) => {
      const json = { current_password: PASSWORD, new_password: 'a wholly new phrase to remember' };
      return service.client.post('/auth/password/change', { json, ...presented });
    },
    'end others': (_, presented) => service.client.call('DELETE', '/auth/sessions?except=current', presented),
    'new key': (_, presented) => {
      const json = { name: 'another', permissions: ['detector:read'] };
      return service.client.post('/api-keys', { json, ...presented });
    },
    address: (_, presented) =>
      service.client.post('/auth/email/change', { json: { new_email: 'other@example.org' }, ...presented }),
    policy: ({ tenant }, presented) => service.client.get(`/tenants/${tenant}/policy`, presented),
    introspect: (_, presented) => service.client.post('/auth/introspect', { form: { token: 'any' }, ...presented }),
    refresh: (_, presented) => service.client.post('/auth/refresh', presented),
    logout: (_, presented) => service.client.post('/auth/logout', presented),
    revoke: (_, presented) => service.client.post('/auth/revoke', { form: { token: 'any' }, ...presented }),
    keys: (_, presented) => service.client.get('//.well-known/jwks.json', presented),
  };

  const outcome = (answer: Answer): string => {
    if (answer.status < 400) return String(answer.status);
    expectProblem(answer, answer.status, answer.body.error_code);
    return `${answer.status} ${answer.body.error_code}`;
  };

  it.each(rowsOf(CREDENTIALS))('opens its own doors and no other: $name', async ({ name, expected }) => {
    const holder = await aHolder();
    const presented = PRESENTED[name]!(holder);
    const found: Record<string, string> = {};
    for (const [call, send] of Object.entries(CALLS)) found[call] = outcome(await send(holder, presented));
    expect(found).toEqual(expected);
  });

  const TEXTS: Readonly<Record<string, (holder: Holder) => string>> = {
    'a refresh token': ({ refresh }) => refresh,
    'an access token': ({ access }) => access,
    'an API key': ({ key }) => key,
    'an ID token of ours': idToken,
  };

  it.each(rowsOf(IN_ITS_PLACE))('is no refresh token unless it is one: $name', async ({ name, expected }) => {
    const found: Record<string, string> = {};
    for (const column of Object.keys(expected)) {
      const [call = '', , place] = column.split(' ');
      const text = TEXTS[name]!(await aHolder());
      const sent = place === 'body' ? { json: { refresh_token: text } } : cookie(text);
      found[column] = outcome(await service.client.post(`/auth/${call}`, sent));
    }
    expect(found).toEqual(expected);
  });

  it('is needed for everything but a short list, before anything else is looked at', async () => {
    const { body } = await service.client.get('//docs-json');
    const paths = Object.entries(body.paths as Record<string, Record<string, object>>);
    const operations = paths.flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method, path] as const),
    );
    expect(operations.length).toBeGreaterThan(PUBLIC.length);
    const open: string[] = [];
    for (const [method, path] of operations) {
      const named = path.replace(/\{\w+\}/g, '01890a5d-ac96-774b-bcce-b302099a8057');
      const answer = await service.client.call(method.toUpperCase(), `/${named}`, {});
      if (answer.status === 401 && answer.body.error_code === 'TOKEN_MISSING') continue;
      open.push(`${method} ${path}`);
    }
    expect(open.sort()).toEqual(PUBLIC);
  });

  it('is documented for every operation but those of the list', async () => {
    const { body } = await service.client.get('//docs-json');
    const paths = body.paths as Record<string, Record<string, { readonly security?: readonly object[] }>>;
    const undocumented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { security = [] }]) => security.length === 0)
        .map(([method]) => `${method} ${path}`),
    );
    expect(undocumented.sort()).toEqual(PUBLIC);
  });

  it('manages no credentials where it is an API key, whatever the key may do: every operation that does refuses it', async () => {
    const { key, access } = await aHolder();
    const { body } = await service.client.get('//docs-json');
    const paths = body.paths as Record<string, Record<string, { readonly security?: readonly object[] }>>;
    const operations = Object.entries(paths)
      .flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, { security = [] }]) => ({ name: `${method} ${path}`, security })),
      )
      .filter(({ name }) => !PUBLIC.includes(name));
    const takesKeys = ({ security }: (typeof operations)[number]) => security.some((scheme) => 'api-key' in scheme);
    expect(operations.filter(takesKeys).filter(({ name }) => OF_CREDENTIALS.test(name))).toEqual([]);
    expect(operations.filter(({ name }) => OF_CREDENTIALS.test(name)).length).toBeGreaterThan(40);

    const answers: string[] = [];
    for (const { name } of operations.filter((operation) => !takesKeys(operation))) {
      const [method = '', path = ''] = name.split(' ');
      const named = path.replace(/\{\w+\}/g, '01890a5d-ac96-774b-bcce-b302099a8057');
      const presented = answers.length % 2 === 0 ? apiKey(key) : bearer(key);
      answers.push(`${name}: ${outcome(await service.client.call(method.toUpperCase(), `/${named}`, presented))}`);
    }
    expect(answers.filter((answer) => !answer.endsWith(': 403 INSUFFICIENT_PERMISSIONS'))).toEqual([]);
    expect((await service.client.get('/auth/me', apiKey(key))).status).toBe(200);
    expect((await service.client.get('/users/me', bearer(access))).status).toBe(200);
  });
});
