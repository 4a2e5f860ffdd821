import { randomUUID } from 'node:crypto';
import { type Answer, type Call, PASSWORD } from '../support/client';
import { claimsOf } from '../support/key-holder';
import { expectProblem, masked } from '../support/problems';
import { recorded } from '../support/recorded';
import { aService, type TestService } from '../support/service';

type Signed = { readonly access: string; readonly tenant: string; readonly user: string; readonly email: string };

const TENANT = ['created_at', 'id', 'kind', 'name', 'purge_after', 'slug', 'status', 'updated_at'];

describe('tenants over HTTP', () => {
  let service: TestService;
  let operator: Signed;
  let users = 0;

  beforeAll(async () => {
    service = await aService({ hashesOnce: true });
    const ann = await anOwner();
    await service.source.query('UPDATE users SET system_administrator = true WHERE id = $1', [ann.user]);
    operator = await signedIn(ann.email);
  });
  afterAll(() => service.stop());

  async function signedIn(email: string, tenant?: string): Promise<Signed> {
    const { status, body, text } = await service.client.post('/auth/login', {
      json: { username: email, password: PASSWORD, ...(tenant !== undefined && { tenant }) },
    });
    if (status !== 200) throw new Error(text);
    const { sub: user = '' } = claimsOf(body.access_token);
    return { access: body.access_token, tenant: body.tenant_id, user, email };
  }
  /** A new owner of a new tenant, signed in there. */
  async function anOwner(): Promise<Signed> {
    users += 1;
    const email = `user-${users}@example.com`;
    await service.client.register(email, { tenant_name: `Acme ${users}` });
    return signedIn(email);
  }
  /** A new member of the owner's tenant, signed in there. */
  async function aMemberOf(owner: Signed, role: string): Promise<Signed> {
    users += 1;
    const json = { email: `user-${users}@example.com`, password: PASSWORD, role };
    const made = await service.client.post('/users', { json, token: owner.access });
    if (made.status !== 201) throw new Error(made.text);
    return signedIn(json.email);
  }
  const call = (method: string, path: string, by: Signed, json?: unknown, more: Call = {}): Promise<Answer> =>
    service.client.call(method, `/tenants${path}`, { token: by.access, ...(json !== undefined && { json }), ...more });
  const found = async (by: Signed, json: object): Promise<Answer> => call('POST', '', by, json);
  const setRoles = (by: Signed, user: string, ...roles: string[]): Promise<Answer> =>
    call('PUT', `/${by.tenant}/members/${user}`, by, { roles });
  const idsOf = ({ body }: Answer): unknown[] => body.items.map(({ id }) => id);

  it('are opened by whoever is signed in, who owns them, switches to them, and renames them', async () => {
    const ann = await anOwner();
    const opened = await found(ann, { name: 'Second', slug: 'second' });
    expect([opened.status, Object.keys(opened.body).sort()]).toEqual([201, TENANT]);
    expect(opened.body).toMatchObject({ slug: 'second', kind: 'organization', status: 'active', purge_after: null });
    const id = opened.body.id as string;
    expect(idsOf(await call('GET', '', ann))).toEqual([ann.tenant, id].sort());
    expect((await call('GET', '?search=SECO&status=active&limit=1', ann)).body).toMatchObject({
      items: [{ id }],
      next_cursor: null,
    });
    expectProblem(await call('GET', `/${id}`, ann), 404, 'NOT_FOUND');
    const switched = await service.client.post('/auth/switch-tenant', {
      json: { tenant: 'second' },
      token: ann.access,
    });
    const there = { ...ann, access: switched.body.access_token, tenant: id };
    expect((await call('GET', `/${id}`, there)).body).toEqual(opened.body);
    const renamed = await call('PATCH', `/${id}`, there, { name: 'Renamed', slug: 'renamed' });
    expect([renamed.status, renamed.body]).toEqual([
      200,
      expect.objectContaining({ id, name: 'Renamed', slug: 'renamed' }),
    ]);
    expect((await signedIn(ann.email, 'renamed')).tenant).toBe(id);
  });

  it('have slugs that are free and well-formed', async () => {
    const ann = await anOwner();
    expect((await found(ann, { name: 'Taken', slug: 'taken' })).status).toBe(201);
    expectProblem(await found(ann, { name: 'Taken', slug: 'taken' }), 409, 'CONFLICT');
    expectProblem(await call('PATCH', `/${ann.tenant}`, ann, { slug: 'taken' }), 409, 'CONFLICT');
    for (const slug of ['admin', 'A', 'a b', randomUUID(), '', 1, 'x'.repeat(64)]) {
      const answer = await found(ann, { name: 'X', slug });
      expectProblem(answer, 422, 'VALIDATION_FAILED');
      expect(answer.body.errors.map(({ field }) => field)).toEqual(expect.arrayContaining(['slug']));
      expectProblem(await call('PATCH', `/${ann.tenant}`, ann, { slug }), 422, 'VALIDATION_FAILED');
    }
    for (const json of [{}, { name: '' }, { name: ' ' }, { name: 'a\nb' }, { name: 'x'.repeat(101) }, { name: 1 }]) {
      expectProblem(await found(ann, json), 422, 'VALIDATION_FAILED');
    }
    expectProblem(await call('PATCH', `/${ann.tenant}`, ann, { name: null }), 422, 'VALIDATION_FAILED');
    expectProblem(await found(ann, { name: 'X', status: 'active' }), 422, 'VALIDATION_FAILED');
    expectProblem(await call('GET', '?cursor=x', ann), 422, 'VALIDATION_FAILED');
  });

  it('are all listed for system administrators, who reach each of them, and no member of another tenant does', async () => {
    const [ann, bob] = [await anOwner(), await anOwner()];
    expect((await call('GET', `/${ann.tenant}`, operator)).body).toMatchObject({ id: ann.tenant });
    expect(idsOf(await call('GET', '?limit=100', operator))).toEqual(expect.arrayContaining([ann.tenant, bob.tenant]));
    expect((await call('GET', `/${ann.tenant}/members`, operator)).body.items).toMatchObject([{ id: ann.user }]);
    const foreign = ([method, path, json]: readonly [string, string, unknown]) =>
      [bob.tenant, randomUUID(), 'acme'].map((id) => call(method, path.replace(':id', id), ann, json));
    for (const one of [
      ['GET', '/:id', undefined],
      ['PATCH', '/:id', { name: 'X' }],
      ['DELETE', '/:id', undefined],
      ['POST', '/:id/suspend', {}],
      ['POST', '/:id/reactivate', undefined],
      ['POST', '/:id/transfer-ownership', { user_id: bob.user }],
      ['GET', '/:id/members', undefined],
      ['PUT', `/:id/members/${bob.user}`, { roles: ['viewer'] }],
      ['DELETE', `/:id/members/${bob.user}`, undefined],
    ] as const) {
      const answers = await Promise.all(foreign(one));
      for (const answer of answers) {
        expectProblem(answer, 404, 'NOT_FOUND');
        expect(masked(answer)).toEqual(masked(answers[0]!));
      }
    }
    expectProblem(await call('GET', `/${randomUUID()}/members`, operator), 404, 'NOT_FOUND');
  });

  it('are all for system administrators to act in, whatever they may do in their own', async () => {
    const [ann, bob] = [await anOwner(), await anOwner()];
    const { user, email } = await aMemberOf(bob, 'viewer');
    await service.source.query('UPDATE users SET system_administrator = true WHERE id = $1', [user]);
    const by = await signedIn(email);
    const member = await aMemberOf(ann, 'viewer');
    const set = await call('PUT', `/${ann.tenant}/members/${member.user}`, by, { roles: ['owner'] });
    expect([set.status, set.body.roles]).toEqual([200, ['owner']]);
    expect((await call('PATCH', `/${ann.tenant}`, by, { name: 'Theirs' })).body).toMatchObject({ name: 'Theirs' });
    expect((await call('DELETE', `/${ann.tenant}/members/${ann.user}`, by)).status).toBe(204);
    await service.source.query('UPDATE users SET system_administrator = false WHERE id = $1', [user]);
    service.clock.advance({ seconds: 2 });
    expectProblem(await call('PATCH', `/${ann.tenant}`, by, { name: 'X' }), 403, 'INSUFFICIENT_PERMISSIONS');
  });

  it('have members whose roles are set, seen at once, and taken no higher than those of who sets them', async () => {
    const ann = await anOwner();
    const [admin, viewer] = [await aMemberOf(ann, 'admin'), await aMemberOf(ann, 'viewer')];
    const listed = await call('GET', `/${ann.tenant}/members?role=viewer`, ann);
    expect(listed.body.items).toMatchObject([{ id: viewer.user, roles: ['viewer'], status: 'active' }]);
    expectProblem(await setRoles(viewer, viewer.user, 'admin'), 403, 'INSUFFICIENT_PERMISSIONS');
    const set = await setRoles(admin, viewer.user, 'analyst', 'data_scientist');
    expect([set.status, set.body.roles]).toEqual([200, ['analyst', 'data_scientist']]);
    const me = await service.client.get('/auth/me', { token: viewer.access });
    expect(me.body.roles).toEqual(['analyst', 'data_scientist']);
    for (const attempt of [
      () => setRoles(admin, viewer.user, 'owner'),
      () => setRoles(admin, admin.user, 'admin', 'owner'),
      () => setRoles(admin, ann.user, 'viewer'),
    ]) {
      expectProblem(await attempt(), 403, 'INSUFFICIENT_PERMISSIONS');
    }
    expectProblem(await setRoles(ann, ann.user, 'viewer'), 409, 'LAST_OWNER');
    expectProblem(await call('DELETE', `/${ann.tenant}/members/${ann.user}`, ann), 409, 'CONFLICT');
    for (const roles of [[], ['viewer', 'viewer'], ['emperor'], 'viewer', [1], undefined]) {
      expectProblem(
        await call('PUT', `/${ann.tenant}/members/${viewer.user}`, ann, { roles }),
        422,
        'VALIDATION_FAILED',
      );
    }
    expectProblem(await setRoles(ann, randomUUID(), 'viewer'), 404, 'NOT_FOUND');
    expectProblem(await setRoles(ann, 'nobody', 'viewer'), 404, 'NOT_FOUND');
    expect((await call('DELETE', `/${ann.tenant}/members/${viewer.user}`, admin)).status).toBe(204);
    expectProblem(await service.client.get('/auth/me', { token: viewer.access }), 401, 'TOKEN_INVALID');
  });

  it('are given away by their owner, who is an administrator then', async () => {
    const ann = await anOwner();
    const bob = await aMemberOf(ann, 'viewer');
    const give = (by: Signed, user: string): Promise<Answer> =>
      call('POST', `/${ann.tenant}/transfer-ownership`, by, { user_id: user });
    expectProblem(await give(bob, bob.user), 403, 'INSUFFICIENT_PERMISSIONS');
    expectProblem(await give(ann, ann.user), 409, 'CONFLICT');
    expectProblem(await give(ann, randomUUID()), 404, 'NOT_FOUND');
    expect((await give(ann, bob.user)).status).toBe(204);
    const rolesOf = async ({ access }: Signed) => (await service.client.get('/auth/me', { token: access })).body.roles;
    expect([await rolesOf(ann), await rolesOf(bob)]).toEqual([['admin'], ['owner', 'viewer']]);
    expectProblem(await call('DELETE', `/${ann.tenant}`, ann), 403, 'INSUFFICIENT_PERMISSIONS');
  });

  it('are suspended by system administrators alone: nobody is in, nobody gets in, and all is as before when they are back', async () => {
    const ann = await anOwner();
    const bob = await aMemberOf(ann, 'viewer');
    const key = await service.client.post('/api-keys', {
      json: { name: 'k', permissions: ['user:read'] },
      token: ann.access,
    });
    const headers = { 'x-api-key': key.body.key as string };
    const withKey = (): Promise<Answer> => service.client.get(`/tenants/${ann.tenant}/members`, { headers });
    expect((await withKey()).status).toBe(200);
    expectProblem(await call('POST', `/${ann.tenant}/suspend`, ann, {}), 403, 'INSUFFICIENT_PERMISSIONS');
    const suspended = await call('POST', `/${ann.tenant}/suspend`, operator, { reason: 'unpaid' });
    expect([suspended.status, suspended.body.status]).toEqual([200, 'suspended']);
    for (const { access, email } of [ann, bob]) {
      expectProblem(await service.client.get('/auth/me', { token: access }), 401, 'TOKEN_INVALID');
      expectProblem(await service.client.login(email), 401, 'INVALID_CREDENTIALS');
    }
    const wrong = await service.client.login(bob.email, 'not the password at all');
    expect(masked(await service.client.login(bob.email))).toEqual(masked(wrong));
    expectProblem(await withKey(), 401, 'API_KEY_INVALID');
    const back = await call('POST', `/${ann.tenant}/reactivate`, operator);
    expect([back.status, back.body.status]).toEqual([200, 'active']);
    expect((await withKey()).status).toBe(200);
    expectProblem(await service.client.get('/auth/me', { token: bob.access }), 401, 'TOKEN_INVALID');
    expect((await signedIn(bob.email)).tenant).toBe(ann.tenant);
    const about = (await recorded(service.source)).filter(({ tenant_id: id }) => id === ann.tenant);
    expect(about.filter(({ action }) => action.startsWith('tenant.'))).toMatchObject([
      { action: 'tenant.created', user_id: ann.user },
      { action: 'tenant.suspended', user_id: operator.user, details: { reason: 'unpaid' } },
      { action: 'tenant.reactivated', user_id: operator.user, details: { was: 'suspended' } },
    ]);
  });

  it('are deleted by their owner, found by nobody then, and brought back by a system administrator', async () => {
    const ann = await anOwner();
    const bob = await aMemberOf(ann, 'admin');
    expectProblem(await call('DELETE', `/${ann.tenant}`, bob), 403, 'INSUFFICIENT_PERMISSIONS');
    expect((await call('DELETE', `/${ann.tenant}`, ann)).status).toBe(204);
    expectProblem(await service.client.get('/auth/me', { token: ann.access }), 401, 'TOKEN_INVALID');
    expectProblem(await service.client.login(bob.email), 401, 'INVALID_CREDENTIALS');
    // The owner has a home of their own, and does not find the tenant from there.
    const home = await signedIn(ann.email);
    expect(idsOf(await call('GET', '', home))).toEqual([home.tenant]);
    const switching = (tenant: string): Promise<Answer> =>
      service.client.post('/auth/switch-tenant', { json: { tenant }, token: home.access });
    expectProblem(await switching(ann.tenant), 404, 'NOT_FOUND');
    expect(masked(await switching(ann.tenant))).toEqual(masked(await switching('nowhere')));
    const { body: deleted } = await call('GET', `/${ann.tenant}`, operator);
    expect(deleted).toMatchObject({ status: 'deleted', purge_after: expect.stringMatching(/Z$/) as string });
    expectProblem(await call('PATCH', `/${ann.tenant}`, operator, { name: 'X' }), 409, 'CONFLICT');
    expectProblem(await call('POST', `/${ann.tenant}/suspend`, operator, {}), 409, 'CONFLICT');
    expect((await call('POST', `/${ann.tenant}/reactivate`, operator)).body).toMatchObject({
      status: 'active',
      purge_after: null,
    });
    expect((await signedIn(bob.email)).tenant).toBe(ann.tenant);
    expectProblem(await call('DELETE', `/${home.tenant}`, home), 409, 'CONFLICT');
  });

  it('are those of the credential, whatever a header, a body or a query says (AZ-03)', async () => {
    const [ann, bob] = [await anOwner(), await anOwner()];
    const me = (headers: Record<string, string>): Promise<Answer> =>
      service.client.get('/auth/me', { token: ann.access, headers });
    const own = await me({});
    for (const name of [
      'x-tenant-id',
      'x-tenant',
      'tenant-id',
      'x-organization-id',
      'x-original-url',
      'x-doorward-tenant',
    ]) {
      const headers = { [name]: bob.tenant };
      expect((await me(headers)).body).toEqual(own.body);
      const members = await service.client.get('/users', { token: ann.access, headers });
      expect(idsOf(members)).toEqual([ann.user]);
      expectProblem(await call('GET', `/${bob.tenant}/members`, ann, undefined, { headers }), 404, 'NOT_FOUND');
    }
    expectProblem(
      await service.client.get(`/users?tenant_id=${bob.tenant}`, { token: ann.access }),
      422,
      'VALIDATION_FAILED',
    );
    const json = { name: 'X', tenant_id: bob.tenant };
    expectProblem(await call('PATCH', `/${ann.tenant}`, ann, json), 422, 'VALIDATION_FAILED');
  });

  it('are seen by a key as far as its own, and opened by none', async () => {
    const ann = await anOwner();
    await found(ann, { name: 'Another' });
    const { body } = await service.client.post('/api-keys', {
      json: { name: 'k', permissions: ['*:*'] },
      token: ann.access,
    });
    const headers = { 'x-api-key': body.key as string };
    expect(idsOf(await service.client.get('/tenants', { headers }))).toEqual([ann.tenant]);
    expect(idsOf(await service.client.get('/tenants?search=nothing', { headers }))).toEqual([]);
    for (const [method, path, json] of [
      ['POST', '/tenants', { name: 'X' }],
      ['DELETE', `/tenants/${ann.tenant}`, undefined],
      ['POST', `/tenants/${ann.tenant}/suspend`, {}],
      ['POST', `/tenants/${ann.tenant}/transfer-ownership`, { user_id: ann.user }],
      ['DELETE', `/tenants/${ann.tenant}/members/${ann.user}`, undefined],
    ] as const) {
      expectProblem(await service.client.call(method, path, { json, headers }), 403, 'INSUFFICIENT_PERMISSIONS');
    }
  });
});

it('are opened only so often by one user', async () => {
  const service = await aService({ variables: { RATE_LIMITS: 'on', RATE_LIMIT_TENANTS: '1/3600' } });
  const { access: token } = await service.client.signedUp('ann@example.com');
  const open = (): Promise<Answer> => service.client.post('/tenants', { json: { name: 'X' }, token });
  expect((await open()).status).toBe(201);
  expectProblem(await open(), 429, 'RATE_LIMIT_EXCEEDED');
  await service.stop();
});
