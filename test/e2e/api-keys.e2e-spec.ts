import { DataSource } from 'typeorm';
import { PASSWORD } from '../support/client';
import { ONE_DATABASE } from '../support/database';
import { KeyHolder } from '../support/key-holder';
import { expectProblem, masked } from '../support/problems';
import { aService, type TestService } from '../support/service';

const UNKNOWN_ID = 'ak_01890a5dac96774bbcceb302099a8057';

describe.each(ONE_DATABASE)('API keys (%s)', (database) => {
  const signer = new KeyHolder();
  let service: TestService;
  let token: string;
  let me: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    service = await aService({ database, variables: signer.variables });
    token = (await service.client.signedUp('ann@example.com', { tenant_name: 'Acme' })).access;
    me = (await service.client.get('/auth/me', { token })).body;
  });
  afterAll(() => service.stop());

  const create = (json: unknown, by = token) => service.client.post('/api-keys', { json, token: by });
  const aKey = async (permissions: readonly string[] = ['detector:read']): Promise<{ id: string; key: string }> => {
    const { status, body, text } = await create({ name: 'pipeline', permissions });
    if (status !== 201) throw new Error(`A key was refused with ${status}: ${text}`);
    return { id: String(body.id), key: String(body.key) };
  };
  const asKey = (key: string) => ({ headers: { 'x-api-key': key } });

  it('are made with the key shown once, and read without it ever after', async () => {
    const json = { name: 'nightly', description: 'for the report', scopes: ['detector:read', 'dataset:*'] };
    const created = await create(json);
    expect(created.status).toBe(201);
    expect(created.headers.get('cache-control')).toBe('no-store');
    const { key, ...shown } = created.body;
    expect(key).toMatch(/^dw_live_[0-9A-Za-z]{49}$/);
    expect(shown).toEqual({
      id: expect.stringMatching(/^ak_[0-9a-f]{32}$/) as string,
      owner_id: me.id,
      name: 'nightly',
      description: 'for the report',
      prefix: String(key).slice(0, 12),
      scopes: json.scopes,
      permissions: json.scopes,
      created_at: expect.stringMatching(/Z$/) as string,
      expires_at: expect.stringMatching(/Z$/) as string,
      last_used_at: null,
      allowed_ips: [],
      successor_id: null,
    });
    const days = (Date.parse(String(shown.expires_at)) - Date.parse(String(shown.created_at))) / 86_400_000;
    expect(days).toBe(90);
    expect((await service.client.get(`/api-keys/${String(shown.id)}`, { token })).body).toEqual(shown);
    const { body: page, text } = await service.client.get('/api-keys?limit=100', { token });
    expect(page.items).toContainEqual(shown);
    expect(text).not.toContain(String(key).slice(12));
  });

  it('speak for their owner in either header, in both when it is the same key, never in the query', async () => {
    const { key } = await aKey(['detector:read']);
    const headers: Readonly<Record<string, string>>[] = [
      { 'x-api-key': key },
      { authorization: `Bearer ${key}` },
      { authorization: `bearer  ${key}` },
      { authorization: `BEARER ${key}` },
      { authorization: `bEaReR ${key}` },
      { 'x-api-key': key, authorization: `Bearer ${key}` },
    ];
    for (const each of headers) {
      const answer = await service.client.get('/auth/me', { headers: each });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ id: me.id, tenant: me.tenant, roles: [], permissions: ['detector:read'] });
    }
    for (const name of ['api_key', 'key', 'access_token', 'X-API-Key']) {
      expectProblem(await service.client.get(`/auth/me?${name}=${key}`), 401, 'TOKEN_MISSING');
    }
    const two = { 'x-api-key': key, authorization: `Bearer ${token}` };
    expectProblem(await service.client.get('/auth/me', { headers: two }), 400, 'CREDENTIALS_AMBIGUOUS');
  });

  it('are refused alike, whether mistyped, made up, revoked or no keys at all', async () => {
    const { id, key } = await aKey();
    expect((await service.client.call('DELETE', `/api-keys/${id}`, { token })).status).toBe(204);
    const mistyped = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A');
    const wrong = [key, mistyped, `dw_live_${'A'.repeat(49)}`, 'dw_live_', 'nonsense', token, `${key}, ${key}`];
    const answers = [];
    for (const each of wrong) answers.push(await service.client.get('/auth/me', asKey(each)));
    answers.push(await service.client.get('/auth/me', { headers: { authorization: `Bearer ${key}` } }));
    for (const answer of answers) {
      expectProblem(answer, 401, 'API_KEY_INVALID');
      expect(masked(answer)).toEqual(masked(answers[0]!));
    }
  });

  it('ask whether a token is in force, if they were given that', async () => {
    const [able, unable] = [await aKey(['token:introspect']), await aKey(['detector:*'])];
    const ask = (key: string) => service.client.post('/auth/introspect', { form: { token }, ...asKey(key) });
    const answer = await ask(able.key);
    expect([answer.status, answer.body.active]).toEqual([200, true]);
    expectProblem(await ask(unable.key), 403, 'INSUFFICIENT_PERMISSIONS');
  });

  it('manage no credentials, whatever they may do', async () => {
    const { id, key } = await aKey(['*:*']);
    const change = { current_password: PASSWORD, new_password: 'a wholly new phrase to remember' };
    const calls: readonly [string, string, unknown?][] = [
      ['GET', '/users/me'],
      ['PATCH', '/users/me', { first_name: 'Eve' }],
      ['POST', '/auth/password/change', change],
      ['POST', '/api-keys', { name: 'another', permissions: ['detector:read'] }],
      ['GET', '/api-keys'],
      ['GET', `/api-keys/${id}`],
      ['PATCH', `/api-keys/${id}`, { name: 'another' }],
      ['POST', `/api-keys/${id}/rotate`, {}],
      ['DELETE', `/api-keys/${id}`],
    ];
    for (const [method, path, json] of calls) {
      const answer = await service.client.call(method, path, { json, ...asKey(key) });
      expectProblem(answer, 403, 'INSUFFICIENT_PERMISSIONS');
    }
    expect((await service.client.get('/auth/me', asKey(key))).status).toBe(200);
    expect((await service.client.login('ann@example.com')).status).toBe(200);
  });

  it('are made and revoked by who has just proven who they are, and read by whoever is signed in', async () => {
    const { id } = await aKey();
    const stale = signer.ofAnOldSignIn(token);
    expectProblem(await create({ name: 'another', permissions: ['detector:read'] }, stale), 403, 'STEP_UP_REQUIRED');
    for (const [method, path, json] of [
      ['DELETE', `/api-keys/${id}`, undefined],
      ['PATCH', `/api-keys/${id}`, { name: 'another' }],
      ['POST', `/api-keys/${id}/rotate`, {}],
    ] as const) {
      expectProblem(await service.client.call(method, path, { json, token: stale }), 403, 'STEP_UP_REQUIRED');
    }
    expect((await service.client.get(`/api-keys/${id}`, { token: stale })).body).toMatchObject({ id });
    expect((await service.client.get('/api-keys?limit=100', { token: stale })).body.items).toContainEqual(
      expect.objectContaining({ id }),
    );
  });

  it('leave an audit event with the key as the actor when they are refused', async () => {
    const { key } = await aKey();
    await service.client.get('/users/me', asKey(key));
    const [event] = await service.app
      .get(DataSource)
      .query<{ actor: string; user_id: string }[]>(
        "SELECT actor, user_id FROM audit_events WHERE action = 'access.denied' ORDER BY sequence DESC LIMIT 1",
      );
    expect(event).toEqual({ actor: 'api_key', user_id: me.id });
  });

  it('are not there for another tenant, and nothing is there under another id: one answer', async () => {
    const { id, key } = await aKey();
    const { access: other } = await service.client.signedUp('bob@example.com', { tenant_name: 'Bobs' });
    const answers = [];
    for (const [method, suffix = ''] of [['GET'], ['DELETE'], ['PATCH'], ['POST', '/rotate']] as const) {
      for (const [named, by] of [
        [id, other],
        [UNKNOWN_ID, token],
        [id.toUpperCase(), token],
        [id.slice(3), token],
        ['ak_', token],
        ['%00', token],
        ["ak_'--", token],
      ] as const) {
        const json = method === 'PATCH' ? { name: 'mine' } : undefined;
        answers.push(await service.client.call(method, `/api-keys/${named}${suffix}`, { token: by, json }));
      }
    }
    for (const answer of answers) {
      expectProblem(answer, 404, 'NOT_FOUND');
      expect(masked(answer)).toEqual(masked(answers[0]!));
    }
    expect((await service.client.get('/api-keys', { token: other })).body).toEqual({ items: [], next_cursor: null });
    expect((await service.client.get('/auth/me', asKey(key))).status).toBe(200);
  });

  it('are gone once revoked', async () => {
    const { id } = await aKey();
    const remove = () => service.client.call('DELETE', `/api-keys/${id}`, { token });
    expect((await remove()).status).toBe(204);
    expectProblem(await remove(), 404, 'NOT_FOUND');
    expectProblem(await service.client.get(`/api-keys/${id}`, { token }), 404, 'NOT_FOUND');
    const { body } = await service.client.get('/api-keys?limit=100', { token });
    expect(body.items.filter((item) => item.id === id)).toEqual([]);
  });

  it.each([
    ['no permission', { name: 'x' }, 'permissions', 'FIELD_REQUIRED'],
    ['an empty list', { name: 'x', scopes: [] }, 'permissions', 'FIELD_REQUIRED'],
    ['what is no permission', { name: 'x', permissions: ['everything'] }, 'permissions', 'PERMISSION_INVALID'],
    ['what is no text', { name: 'x', permissions: [7] }, 'permissions', 'FIELD_INVALID'],
    ['one text for a list', { name: 'x', permissions: 'detector:read' }, 'permissions', 'FIELD_INVALID'],
    ['two lists that differ', { name: 'x', permissions: ['a:b'], scopes: ['a:c'] }, 'scopes', 'FIELD_INVALID'],
    ['no name', { permissions: ['a:b'] }, 'name', 'FIELD_REQUIRED'],
    ['a line break in its name', { name: 'a\nb', permissions: ['a:b'] }, 'name', 'FIELD_INVALID'],
    ['a user of one’s choice', { name: 'x', permissions: ['a:b'], user_id: 'y' }, 'user_id', 'FIELD_UNKNOWN'],
    ['a tenant of one’s choice', { name: 'x', permissions: ['a:b'], tenant_id: 'y' }, 'tenant_id', 'FIELD_UNKNOWN'],
    ['no network', { name: 'x', permissions: ['a:b'], allowed_ips: ['home'] }, 'allowed_ips', 'FIELD_INVALID'],
    ['no time', { name: 'x', permissions: ['a:b'], expires_at: 'tomorrow' }, 'expires_at', 'FIELD_INVALID'],
    [
      'a time past',
      { name: 'x', permissions: ['a:b'], expires_at: '2020-01-01T00:00:00Z' },
      'expires_at',
      'EXPIRY_PAST',
    ],
    [
      'a time far off',
      { name: 'x', permissions: ['a:b'], expires_at: '2999-01-01T00:00:00Z' },
      'expires_at',
      'EXPIRY_TOO_FAR',
    ],
  ])('are not made with %s', async (_, json, field, code) => {
    const answer = await create(json);
    expectProblem(answer, 422, 'VALIDATION_FAILED');
    expect(answer.body.errors.map((error) => [error.field, error.code])).toContainEqual([field, code]);
  });

  it('are changed and rotated over HTTP, each answered with what the key is from then on', async () => {
    const { id, key } = await aKey(['detector:read', 'dataset:read']);
    const change = { name: 'report', description: null, scopes: ['dataset:read'], allowed_ips: ['127.0.0.0/8', '::1'] };
    const changed = await service.client.call('PATCH', `/api-keys/${id}`, { json: change, token });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ ...change, id, permissions: ['dataset:read'] });
    expect((await service.client.get('/auth/me', asKey(key))).body.permissions).toEqual(['dataset:read']);

    const rotate = (json?: object) => service.client.post(`/api-keys/${id}/rotate`, { json, token });
    const rotated = await rotate({ overlap_seconds: 3600 });
    expect([rotated.status, rotated.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(rotated.body).toMatchObject({ ...change, successor_id: null, last_used_at: null });
    expect(rotated.body.key).not.toBe(key);
    for (const each of [key, String(rotated.body.key)]) {
      expect((await service.client.get('/auth/me', asKey(each))).status).toBe(200);
    }
    const { body: old } = await service.client.get(`/api-keys/${id}`, { token });
    expect(old.successor_id).toBe(rotated.body.id);
    expect(Date.parse(String(old.expires_at)) - Date.parse(String(rotated.body.created_at))).toBe(3_600_000);
    expectProblem(await rotate(), 409, 'CONFLICT');

    const next = await service.client.post(`/api-keys/${String(rotated.body.id)}/rotate`, { token });
    expect(next.status).toBe(201);
    expectProblem(await service.client.get('/auth/me', asKey(String(rotated.body.key))), 401, 'API_KEY_INVALID');
    expect((await service.client.get('/auth/me', asKey(String(next.body.key)))).status).toBe(200);

    const elsewhere = { json: { allowed_ips: ['203.0.113.7'] }, token };
    await service.client.call('PATCH', `/api-keys/${String(next.body.id)}`, elsewhere);
    expectProblem(await service.client.get('/auth/me', asKey(String(next.body.key))), 401, 'API_KEY_INVALID');
  });

  it.each([
    ['PATCH', '', { name: null }, 'name'],
    ['PATCH', '', { name: ' ' }, 'name'],
    ['PATCH', '', { permissions: null }, 'permissions'],
    ['PATCH', '', { scopes: [] }, 'permissions'],
    ['PATCH', '', { permissions: ['a:b'], scopes: ['c:d'] }, 'scopes'],
    ['PATCH', '', { allowed_ips: null }, 'allowed_ips'],
    ['PATCH', '', { allowed_ips: ['203.0.113.0/33'] }, 'allowed_ips'],
    ['PATCH', '', { allowed_ips: ['fe80::1%eth0'] }, 'allowed_ips'],
    ['PATCH', '', { allowed_ips: Array(51).fill('::1') }, 'allowed_ips'],
    ['PATCH', '', { owner_id: 'x' }, 'owner_id'],
    ['PATCH', '', { expires_at: '2030-01-01T00:00:00Z' }, 'expires_at'],
    ['POST', '/rotate', { overlap_seconds: -1 }, 'overlap_seconds'],
    ['POST', '/rotate', { overlap_seconds: 604_801 }, 'overlap_seconds'],
    ['POST', '/rotate', { overlap_seconds: 1.5 }, 'overlap_seconds'],
    ['POST', '/rotate', { overlap_seconds: '60' }, 'overlap_seconds'],
    ['POST', '/rotate', { overlap_seconds: null }, 'overlap_seconds'],
  ])('are left as they are by %s %s %j', async (method, suffix, json, field) => {
    const { id } = await aKey();
    const answer = await service.client.call(method, `/api-keys/${id}${suffix}`, { json, token });
    expectProblem(answer, 422, 'VALIDATION_FAILED');
    expect(answer.body.errors.map((error) => error.field)).toEqual([field]);
  });

  it('are made with both names of the list when they say the same', async () => {
    const { status, body } = await create({ name: 'x', permissions: ['a:b', 'c:d'], scopes: ['c:d', 'a:b'] });
    expect([status, body.permissions]).toEqual([201, ['a:b', 'c:d']]);
  });

  it('are listed page by page', async () => {
    const { access: pager } = await service.client.signedUp('pager@example.com');
    for (const name of ['one', 'two', 'three']) await create({ name, permissions: ['a:b'] }, pager);
    const all = await service.client.get('/api-keys', { token: pager });
    const first = await service.client.get('/api-keys?limit=2', { token: pager });
    const rest = await service.client.get(`/api-keys?limit=2&cursor=${String(first.body.next_cursor)}`, {
      token: pager,
    });
    expect([...first.body.items, ...rest.body.items]).toEqual(all.body.items);
    expect([all.body.items.length, first.body.items.length, rest.body.next_cursor]).toEqual([3, 2, null]);
    for (const query of ['limit=0', 'limit=101', 'cursor=ak_1', 'page=2']) {
      expectProblem(await service.client.get(`/api-keys?${query}`, { token: pager }), 422, 'VALIDATION_FAILED');
    }
  });
});

describe('an API key of who may little', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await aService();
  });
  afterAll(() => service.stop());

  /** The access token of a new user with that role and no other. */
  async function signedUpAs(role: string): Promise<string> {
    const email = `${role}@example.com`;
    const { access } = await service.client.signedUp(email);
    await service.app.get(DataSource).query(
      `UPDATE membership_roles SET role_id = (SELECT id FROM roles WHERE name = $1 AND tenant_id IS NULL)
       WHERE user_id = (SELECT id FROM users WHERE email = $2)`,
      [role, email],
    );
    return access;
  }
  const json = { name: 'x', permissions: ['detector:read'] };

  it('is neither made nor read by who may not manage keys', async () => {
    const token = await signedUpAs('viewer');
    expectProblem(await service.client.post('/api-keys', { json, token }), 403, 'INSUFFICIENT_PERMISSIONS');
    expectProblem(await service.client.get('/api-keys', { token }), 403, 'INSUFFICIENT_PERMISSIONS');
  });

  it('may no more than who made it', async () => {
    const token = await signedUpAs('admin');
    expect((await service.client.post('/api-keys', { json, token })).status).toBe(201);
    const beyond = await service.client.post('/api-keys', { json: { ...json, permissions: ['*:*'] }, token });
    expectProblem(beyond, 403, 'INSUFFICIENT_PERMISSIONS');
  });
});
