import { randomUUID } from 'node:crypto';
import { tenantId, userId } from '../../src/kernel/ids';
import { type Answer, PASSWORD } from '../support/client';
import { claimsOf, KeyHolder } from '../support/key-holder';
import { expectProblem, masked } from '../support/problems';
import { recorded } from '../support/recorded';
import { aService, type TestService } from '../support/service';
import { type Member, Stored } from '../support/stored';

const FIELDS = [
  'created_at',
  'email',
  'email_verified',
  'first_name',
  'id',
  'last_login_at',
  'last_name',
  'roles',
  'status',
  'username',
];
const ACTIONS = ['lock', 'unlock', 'disable', 'enable', 'sign-out', 'reset-mfa'];
const ROUNDS = 20;
const FIRST_PASSWORD = 'a first password to be changed';

let service: TestService;
let owner: string;
let ownerId: string;
let tenant: string;
const holder = new KeyHolder();

beforeAll(async () => {
  service = await aService({ variables: holder.variables });
  owner = (await service.client.signedUp('owner@example.com', { tenant_name: 'Acme' })).access;
  ({ tid: tenant, sub: ownerId = '' } = claimsOf(owner) as { tid: string; sub?: string });
});
afterAll(() => service.stop());

type Made = Member & { readonly email: string };

/** A member of the owner's tenant alone, made over HTTP. */
async function aMember(role = 'viewer', more: Readonly<Record<string, unknown>> = {}): Promise<Made> {
  const email = `user-${randomUUID()}@example.com`;
  const json = { email, password: PASSWORD, role, ...more };
  const { status, body } = await service.client.post('/users', { json, token: owner });
  expect(status).toBe(201);
  return { email, userId: userId(String(body.id)), tenantId: tenantId(tenant) };
}
async function accessOf({ email }: Pick<Made, 'email'>): Promise<string> {
  return (await service.client.signedIn(email)).access;
}
const call = (method: string, path: string, token?: string, json?: unknown): Promise<Answer> =>
  service.client.call(method, path, { token, json });
const act = (id: string, action: string, token = owner): Promise<Answer> =>
  call('POST', `/users/${id}/${action}`, token);
const me = (token: string): Promise<Answer> => service.client.get('/auth/me', { token });

describe('users of the active tenant', () => {
  it('are made by an administrator, sign in, and are to change the password they were given', async () => {
    const email = `user-${randomUUID()}@example.com`;
    const json = { email, username: 'made', first_name: 'Ann', password: FIRST_PASSWORD, role: 'analyst' };
    const made = await call('POST', '/users', owner, json);
    expect(made.status).toBe(201);
    expect(Object.keys(made.body).sort()).toEqual(FIELDS);
    expect(made.body).toMatchObject({
      email,
      username: 'made',
      first_name: 'Ann',
      last_name: null,
      email_verified: false,
      status: 'active',
      roles: ['analyst'],
      last_login_at: null,
    });
    expect(made.text).not.toContain(FIRST_PASSWORD);
    const { access } = await service.client.signedIn('made', FIRST_PASSWORD);
    expect((await me(access)).body).toMatchObject({
      tenant: { id: tenant },
      roles: ['analyst'],
      password_change_required: true,
    });
    const one = await call('GET', `/users/${String(made.body.id)}`, owner);
    expect(one.body).toEqual({ ...made.body, last_login_at: expect.any(String) as string });
  });

  it('are refused with a taken address or username, a weak password, a role there is not, and fields there are not', async () => {
    const email = `user-${randomUUID()}@example.com`;
    const good = { email, password: PASSWORD, role: 'viewer' };
    await aMember('viewer', { username: 'taken' });
    const make = (change: object): Promise<Answer> => call('POST', '/users', owner, { ...good, ...change });
    expectProblem(await make({ email: 'OWNER@example.com' }), 409, 'EMAIL_TAKEN');
    expectProblem(await make({ username: 'Taken' }), 409, 'USERNAME_TAKEN');
    for (const [change, field, code] of [
      [{ password: 'short' }, 'password', 'PASSWORD_TOO_WEAK'],
      [{ role: 'emperor' }, 'role', 'FIELD_INVALID'],
      [{ role: null }, 'role', 'FIELD_REQUIRED'],
      [{ role: '*' }, 'role', 'FIELD_INVALID'],
      [{ status: 'active' }, 'status', 'FIELD_UNKNOWN'],
      [{ tenant_id: randomUUID() }, 'tenant_id', 'FIELD_UNKNOWN'],
      [{ email_verified: true }, 'email_verified', 'FIELD_UNKNOWN'],
      [{ system_administrator: true }, 'system_administrator', 'FIELD_UNKNOWN'],
    ] as const) {
      const answer = await make(change);
      expectProblem(answer, 422, 'VALIDATION_FAILED');
      expect(answer.body.errors).toContainEqual(expect.objectContaining({ field, code }));
    }
    expect((await call('GET', `/users?search=${email}`, owner)).body.items).toEqual([]);
  });

  it('are listed page by page, searched and narrowed, each with what everyone may see and no more', async () => {
    const [ann, bob] = [
      await aMember('viewer', { first_name: 'Zoë' }),
      await aMember('analyst', { last_name: 'Zoëson' }),
    ];
    await act(bob.userId, 'lock');
    const list = async (query: string): Promise<unknown[]> => {
      const { status, body } = await call('GET', `/users?${query}`, owner);
      expect(status).toBe(200);
      expect(Object.keys(body).sort()).toEqual(['items', 'next_cursor']);
      for (const item of body.items) expect(Object.keys(item).sort()).toEqual(FIELDS);
      return body.items.map(({ id }) => id);
    };
    const zoe = encodeURIComponent('zoë');
    expect(await list(`search=${zoe}`)).toEqual([ann.userId, bob.userId]);
    expect(await list(`search=${zoe}&status=locked`)).toEqual([bob.userId]);
    expect(await list(`search=${zoe}&role=viewer`)).toEqual([ann.userId]);
    expect(await list('search=%25')).toEqual([]);
    const first = await call('GET', `/users?search=${zoe}&limit=1`, owner);
    expect(first.body.next_cursor).not.toBeNull();
    const second = await call('GET', `/users?search=${zoe}&limit=1&cursor=${String(first.body.next_cursor)}`, owner);
    expect([second.body.items.map(({ id }) => id), second.body.next_cursor]).toEqual([[bob.userId], null]);
  });

  it.each([
    'cursor=1',
    'cursor=',
    'limit=0',
    'limit=101',
    'limit=ten',
    'status=gone',
    'role=*',
    'tenant=x',
    'search=a&search=b',
    `search=${'a'.repeat(101)}`,
    'search=%00',
  ])('are not listed by %s', async (query) => {
    const { status } = await call('GET', `/users?${query}`, owner);
    expect(status === 422 || (query === 'search=%00' && status === 400)).toBe(true);
  });

  it('have their names replaced by PUT and changed by PATCH, and nothing else', async () => {
    const ann = await aMember('viewer', { first_name: 'Ann', last_name: 'Example' });
    const path = `/users/${ann.userId}`;
    const changed = await call('PATCH', path, owner, { last_name: null });
    expect([changed.status, changed.body.first_name, changed.body.last_name]).toEqual([200, 'Ann', null]);
    const replaced = await call('PUT', path, owner, { last_name: 'Married' });
    expect(replaced.body).toMatchObject({ first_name: null, last_name: 'Married', roles: ['viewer'] });
    expect(Object.keys(replaced.body).sort()).toEqual(FIELDS);
    for (const field of [
      'email',
      'password',
      'status',
      'role',
      'roles',
      'email_verified',
      'id',
      'tenant_id',
      '__proto__',
    ]) {
      for (const method of ['PUT', 'PATCH']) {
        const raw = `{"last_name":"Other","${field}":"x"}`;
        const headers = { 'content-type': 'application/json' };
        const answer = await service.client.call(method, path, { token: owner, raw, headers });
        expect([field, answer.status < 500 && answer.status >= 400]).toEqual([field, true]);
        if (field !== '__proto__') expect(answer.body.errors).toMatchObject([{ field, code: 'FIELD_UNKNOWN' }]);
      }
    }
    expect((await call('GET', path, owner)).body).toEqual(replaced.body);
    await aMember('viewer', { username: 'somebodys' });
    expectProblem(await call('PATCH', path, owner, { username: 'SOMEBODYS' }), 409, 'USERNAME_TAKEN');
  });

  it('keep their own names when they belong to another tenant too', async () => {
    const { body } = await service.client.register('both@example.com');
    await new Stored(service).member({ userId: userId(body.user.id), tenantId: tenantId(tenant) });
    const answer = await call('PATCH', `/users/${body.user.id}`, owner, { first_name: 'Other' });
    expectProblem(answer, 409, 'CONFLICT');
    expect(answer.body.detail).toMatch(/own profile/);
  });

  it.each(['lock', 'disable'] as const)(
    'are kept out by %s, everywhere at once, until it is taken back',
    async (how) => {
      const ann = await aMember('admin');
      const [tokens, checker] = [await service.client.signedIn(ann.email), await keyOf(owner, ['token:introspect'])];
      const key = await keyOf(tokens.access, ['user:read']);
      const isActive = async (): Promise<unknown> => {
        const headers = { 'x-api-key': checker };
        const answer = await service.client.post('/auth/introspect', { form: { token: tokens.access }, headers });
        return answer.body.active;
      };
      const withKey = async (): Promise<number> =>
        (await service.client.get('/users', { headers: { 'x-api-key': key } })).status;
      expect([await isActive(), await withKey()]).toEqual([true, 200]);

      const done = await act(ann.userId, how);
      expect([done.status, done.text]).toEqual([204, '']);
      expect((await act(ann.userId, how)).status).toBe(204);
      expectProblem(await me(tokens.access), 401, 'TOKEN_INVALID');
      expect([await isActive(), await withKey()]).toEqual([false, 401]);
      expect((await service.client.refresh(tokens.refresh)).status).toBe(401);
      expectProblem(await service.client.login(ann.email), 401, 'INVALID_CREDENTIALS');
      const status = how === 'lock' ? 'locked' : 'disabled';
      expect((await call('GET', `/users/${ann.userId}`, owner)).body.status).toBe(status);

      expectProblem(await act(ann.userId, how === 'lock' ? 'enable' : 'unlock'), 409, 'CONFLICT');
      expect((await act(ann.userId, how === 'lock' ? 'unlock' : 'enable')).status).toBe(204);
      expect((await service.client.refresh(tokens.refresh)).status).toBe(401);
      expect(await withKey()).toBe(200);
      expect((await service.client.login(ann.email)).status).toBe(200);
    },
  );

  it('are signed out, and have second factors reset, and sign in again', async () => {
    const ann = await aMember();
    for (const action of ['sign-out', 'reset-mfa']) {
      const access = await accessOf(ann);
      expect((await act(ann.userId, action)).status).toBe(204);
      expectProblem(await me(access), 401, 'TOKEN_INVALID');
    }
    expect((await recorded(service.source, 'mfa.disabled')).at(-1)).toMatchObject({
      user_id: ann.userId,
      tenant_id: tenant,
      details: { reason: 'admin_reset', by: ownerId, factors: 0 },
    });
  });

  it('are gone once they are removed, and sign in no more', async () => {
    const ann = await aMember();
    const access = await accessOf(ann);
    expect((await call('DELETE', `/users/${ann.userId}`, owner)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) {
      expectProblem(await call(method, `/users/${ann.userId}`, owner), 404, 'NOT_FOUND');
    }
    expectProblem(await me(access), 401, 'TOKEN_INVALID');
    expectProblem(await service.client.login(ann.email), 401, 'INVALID_CREDENTIALS');
  });

  async function keyOf(token: string, permissions: string[]): Promise<string> {
    const { status, body } = await service.client.post('/api-keys', { json: { name: 'a key', permissions }, token });
    expect(status).toBe(201);
    return String(body.key);
  }

  describe('are reached', () => {
    const CALLS: readonly [string, string, unknown?][] = [
      ['GET', ''],
      ['PUT', '', {}],
      ['PATCH', '', {}],
      ['DELETE', ''],
      ...ACTIONS.map((action): [string, string] => ['POST', `/${action}`]),
    ];

    it('by one answer when they are of another tenant, are not there, or their id is none', async () => {
      const { body } = await service.client.register('stranger@example.com');
      for (const [method, suffix, json] of CALLS) {
        const answer = (id: string) => call(method, `/users/${id}${suffix}`, owner, json);
        const foreign = await answer(body.user.id);
        expectProblem(foreign, 404, 'NOT_FOUND');
        for (const id of [randomUUID(), 'not-an-id', '%27--'])
          expect(masked(await answer(id))).toEqual(masked(foreign));
      }
      const { items } = (await call('GET', '/users?search=stranger', owner)).body;
      expect(items).toEqual([]);
      expect((await service.client.login('stranger@example.com')).status).toBe(200);
    });

    it('by nobody without the permission, by no key that would change them, and by no old sign-in', async () => {
      const ann = await aMember();
      const [viewer, key] = [await accessOf(await aMember()), await keyOf(owner, ['*:*'])];
      const old = holder.ofAnOldSignIn(owner);
      const all: typeof CALLS = [
        ...CALLS.map(([m, s, j]): [string, string, unknown] => [m, `/users/${ann.userId}${s}`, j]),
        ['GET', '/users'],
        ['POST', '/users', {}],
      ];
      for (const [method, path, json] of all) {
        const isRead = method === 'GET';
        expectProblem(await call(method, path, undefined, json), 401, 'TOKEN_MISSING');
        expectProblem(await call(method, path, viewer, json), 403, 'INSUFFICIENT_PERMISSIONS');
        const byKey = await service.client.call(method, path, { json, headers: { 'x-api-key': key } });
        const byOld = await call(method, path, old, json);
        if (isRead) expect([byKey.status, byOld.status]).toEqual([200, 200]);
        else {
          expectProblem(byKey, 403, 'INSUFFICIENT_PERMISSIONS');
          expectProblem(byOld, 403, 'STEP_UP_REQUIRED');
        }
      }
      expect((await call('GET', `/users/${ann.userId}`, owner)).body.status).toBe('active');
    });

    it('by nobody who may less than they may, and by nobody who is they', async () => {
      const admin = await aMember('admin');
      const token = await accessOf(admin);
      for (const [method, suffix, json] of CALLS) {
        if (method === 'GET' || suffix === '/unlock') continue;
        expectProblem(await call(method, `/users/${ownerId}${suffix}`, token, json), 403, 'INSUFFICIENT_PERMISSIONS');
      }
      expectProblem(
        await call('POST', '/users', token, { email: 'new@example.com', password: PASSWORD, role: 'owner' }),
        403,
        'INSUFFICIENT_PERMISSIONS',
      );
      for (const action of ['lock', 'disable', 'enable', 'reset-mfa']) {
        expectProblem(await act(admin.userId, action, token), 409, 'CONFLICT');
      }
      expectProblem(await call('DELETE', `/users/${admin.userId}`, token), 409, 'CONFLICT');
      expect((await me(token)).status).toBe(200);
      expect((await act(admin.userId, 'sign-out', token)).status).toBe(204);
      expectProblem(await me(token), 401, 'TOKEN_INVALID');
    });
  });

  it('leave the caller’s own path what it was', async () => {
    expect((await call('GET', '/users/me', owner)).body.id).toBe(ownerId);
    expect((await call('PATCH', '/users/me', owner, { first_name: 'Olga' })).status).toBe(200);
    const answer = await call('PUT', '/users/me', owner, {});
    expectProblem(answer, 405, 'METHOD_NOT_ALLOWED');
    expect(answer.headers.get('allow')).not.toContain('PUT');
  });
});

it('two owners who disable each other leave one of them, however often they try', async () => {
  const first = await service.client.signedUp('first@example.com', { tenant_name: 'Duel' });
  const { tid, sub: one = '' } = claimsOf(first.access) as { tid: string; sub?: string };
  const json = { email: 'second@example.com', password: PASSWORD, role: 'owner' };
  const made = await call('POST', '/users', first.access, json);
  const two = String(made.body.id);
  for (let round = 0; round < ROUNDS; round += 1) {
    const owners = [await accessOf({ email: 'first@example.com' }), await accessOf({ email: 'second@example.com' })];
    const answers = await Promise.all([act(two, 'disable', owners[0]), act(one, 'disable', owners[1])]);
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses[0]).toBe(204);
    expect([401, 403]).toContain(statuses[1]);
    const sql = "SELECT user_id FROM member_grants WHERE tenant_id = $1 AND 'owner' = ANY (roles)";
    expect(await service.source.query(sql, [tid])).toHaveLength(1);
    await service.source.query("UPDATE memberships SET status = 'active' WHERE tenant_id = $1", [tid]);
  }
});
