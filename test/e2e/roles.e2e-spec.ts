import { Tenants } from '../../src/modules/tenancy/application/tenants.port';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { tenantId, userId } from '../../src/kernel/ids';
import { type Answer, PASSWORD } from '../support/client';
import { claimsOf } from '../support/key-holder';
import { expectProblem, masked } from '../support/problems';
import { recorded, type Recorded } from '../support/recorded';
import { aService, type TestService } from '../support/service';

type Caller = { readonly access: string; readonly tenant: string; readonly user: string };
type Role = { readonly id: string; readonly name: string; readonly permissions: readonly string[] };

const BUILT_IN = ['admin', 'analyst', 'data_scientist', 'owner', 'viewer'];
const NOBODYS = '01890a5d-ac96-774b-bcce-b302099a8057';
const CURATOR = { name: 'curator', description: 'Looks after datasets', permissions: ['dataset:*', 'detector:read'] };

describe('roles, permissions and what one may do', () => {
  let service: TestService;
  let users = 0;
  /** Whose requests change nothing. */
  let somebody: Caller;

  beforeAll(async () => {
    service = await aService({ hashesOnce: true });
    somebody = await anOwner();
  });
  afterAll(() => service.stop());

  async function signedUp(): Promise<{ email: string; caller: Caller }> {
    users += 1;
    const email = `user-${users}@example.com`;
    const { access } = await service.client.signedUp(email, { tenant_name: 'Acme' });
    const { tid: tenant, sub: user = '' } = claimsOf(access);
    return { email, caller: { access, tenant: String(tenant), user } };
  }
  const anOwner = async (): Promise<Caller> => (await signedUp()).caller;
  /** Somebody else in the tenant, with one role, by its name. */
  async function aMember({ tenant }: Caller, role: string): Promise<Caller> {
    const { caller } = await signedUp();
    const add = () => service.app.get(Tenants).addMember(tenantId(tenant), userId(caller.user), role, new Date());
    await service.app.get(UnitOfWork).run(add);
    const { body } = await service.client.post('/auth/switch-tenant', { json: { tenant }, token: caller.access });
    return { ...caller, access: body.access_token, tenant };
  }
  const call = (by: Caller, method: string, path: string, json?: unknown): Promise<Answer> =>
    service.client.call(method, path, { token: by.access, ...(json !== undefined && { json }) });
  const made = async (by: Caller, role: object): Promise<Role> => {
    const { status, body } = await call(by, 'POST', '/roles', role);
    expect(status).toBe(201);
    return body as unknown as Role;
  };
  const rolesOf = async (by: Caller): Promise<Role[]> =>
    (await call(by, 'GET', '/roles?limit=100')).body.items as unknown as Role[];
  const of = async ({ tenant }: Caller, action: string): Promise<Recorded[]> =>
    (await recorded(service.source, action)).filter(({ tenant_id: id }) => id === tenant);
  const aKey = async (by: Caller, ...permissions: string[]): Promise<Record<string, string>> => {
    const { body } = await call(by, 'POST', '/api-keys', { name: 'a key', permissions });
    return { 'x-api-key': String(body.key) };
  };

  it('are made, read, changed and deleted, and hold from the very next call on', async () => {
    const owner = await anOwner();
    const role = await made(owner, CURATOR);
    expect(role).toEqual({
      ...CURATOR,
      id: expect.any(String) as string,
      built_in: false,
      created_at: expect.any(String) as string,
      updated_at: expect.any(String) as string,
    });
    expect((await call(owner, 'GET', `/roles/${role.id}`)).body).toEqual(role);
    const ann = await aMember(owner, 'curator');
    const me = async () => (await call(ann, 'GET', '/auth/me')).body;
    expect(await me()).toMatchObject({ roles: ['curator'], permissions: ['dataset:*', 'detector:read'] });
    const next = { name: 'keeper', permissions: ['dataset:read', 'user:read'] };
    const replaced = await call(owner, 'PUT', `/roles/${role.id}`, next);
    expect([replaced.status, replaced.body]).toMatchObject([200, { ...next, description: '', id: role.id }]);
    expect(await me()).toMatchObject({ roles: ['keeper'], permissions: ['dataset:read', 'user:read'] });
    expect((await call(ann, 'GET', '/users')).status).toBe(200);
    await call(owner, 'PUT', `/roles/${role.id}`, { ...next, permissions: [] });
    expectProblem(await call(ann, 'GET', '/users'), 403, 'INSUFFICIENT_PERMISSIONS');
    expectProblem(await call(owner, 'DELETE', `/roles/${role.id}`), 409, 'CONFLICT');
    await call(owner, 'DELETE', `/users/${ann.user}`);
    expect((await call(owner, 'DELETE', `/roles/${role.id}`)).status).toBe(204);
    expectProblem(await call(owner, 'GET', `/roles/${role.id}`), 404, 'NOT_FOUND');
  });

  it('are listed in pages, the built-in ones among them', async () => {
    const owner = await anOwner();
    await made(owner, CURATOR);
    const first = (await call(owner, 'GET', '/roles?limit=4')).body;
    const rest = (await call(owner, 'GET', `/roles?cursor=${first.next_cursor}`)).body;
    const items = [...first.items, ...rest.items] as { name: string; built_in: boolean }[];
    expect(
      items
        .filter(({ built_in }) => built_in)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(BUILT_IN);
    expect(items.filter(({ built_in }) => !built_in).map(({ name }) => name)).toEqual(['curator']);
    expect(rest.next_cursor).toBeNull();
    for (const query of ['cursor=forged', `cursor=${NOBODYS}'--`, 'limit=0', 'limit=101', 'tenant=other']) {
      expectProblem(await call(owner, 'GET', `/roles?${query}`), 422, 'VALIDATION_FAILED');
    }
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ['no name', { name: undefined }, 'name', 'FIELD_REQUIRED'],
    ['capitals in the name', { name: 'Curator' }, 'name', 'FIELD_INVALID'],
    ['a blank in the name', { name: 'cura tor' }, 'name', 'FIELD_INVALID'],
    ['a name that is too long', { name: 'a'.repeat(65) }, 'name', 'FIELD_INVALID'],
    ['a description of two lines', { description: 'a\nb' }, 'description', 'FIELD_INVALID'],
    ['no permissions', { permissions: undefined }, 'permissions', 'FIELD_REQUIRED'],
    ['one permission that is no list', { permissions: 'dataset:*' }, 'permissions', 'FIELD_INVALID'],
    ['a star for a part', { permissions: ['data*:read'] }, 'permissions', 'FIELD_INVALID'],
    ['a star for the resource alone', { permissions: ['*:read'] }, 'permissions', 'FIELD_INVALID'],
    ['capitals in a permission', { permissions: ['Dataset:read'] }, 'permissions', 'FIELD_INVALID'],
    ['a permission that is no text', { permissions: [{}] }, 'permissions', 'FIELD_INVALID'],
    ['a permission twice', { permissions: ['a:b', 'a:b'] }, 'permissions', 'FIELD_INVALID'],
    [
      'more than anybody reads',
      { permissions: Array.from({ length: 101 }, (_, n) => `a:b${n}`) },
      'permissions',
      'FIELD_INVALID',
    ],
    ['a tenant', { tenant_id: NOBODYS }, 'tenant_id', 'FIELD_UNKNOWN'],
    ['that it is built in', { built_in: true }, 'built_in', 'FIELD_UNKNOWN'],
  ])('are not made with %s', async (_, change, field, code) => {
    const answer = await call(somebody, 'POST', '/roles', { ...CURATOR, ...change });
    expectProblem(answer, 422, 'VALIDATION_FAILED');
    expect(answer.body.errors).toMatchObject([{ field, code }]);
  });

  it('of another tenant are as none: one answer, and nothing changed', async () => {
    const [mine, theirs] = [await anOwner(), await anOwner()];
    const role = await made(theirs, CURATOR);
    await call(theirs, 'POST', '/permissions', { resource: 'invoice', actions: ['read'] });
    for (const [method, json] of [['GET'], ['PUT', { ...CURATOR, permissions: [] }], ['DELETE']] as const) {
      const answers = await Promise.all(
        [role.id, NOBODYS, 'curator', '%00', "'--"].map((id) => call(mine, method, `/roles/${id}`, json)),
      );
      for (const answer of answers) {
        expectProblem(answer, 404, 'NOT_FOUND');
        expect(masked(answer)).toEqual(masked(answers[0]!));
      }
    }
    expectProblem(await call(mine, 'PUT', '/permissions/invoice', { actions: ['x'] }), 404, 'NOT_FOUND');
    expectProblem(await call(mine, 'DELETE', '/permissions/invoice'), 404, 'NOT_FOUND');
    expectProblem(
      await call(mine, 'POST', '/users/invite', { email: 'a@example.com', role: 'curator' }),
      422,
      'VALIDATION_FAILED',
    );
    expect(await rolesOf(theirs)).toContainEqual(role);
    expect((await rolesOf(mine)).map(({ name }) => name).sort()).toEqual(BUILT_IN);
  });

  it('are read and changed by who may, each act by its own permission, keys among them', async () => {
    const owner = await anOwner();
    const role = await made(owner, { name: 'other', permissions: [] });
    const acts: readonly [string, string, string, object?][] = [
      ['role:read', 'GET', '/roles'],
      ['role:read', 'GET', `/roles/${role.id}`],
      ['role:read', 'GET', '/permissions'],
      ['role:create', 'POST', '/roles', { name: 'made', permissions: [] }],
      ['role:create', 'POST', '/permissions', { resource: 'invoice', actions: ['read'] }],
      ['role:update', 'PUT', `/roles/${role.id}`, { name: 'changed', permissions: [] }],
      ['role:update', 'PUT', '/permissions/invoice', { actions: ['approve'] }],
      ['role:delete', 'DELETE', '/permissions/invoice'],
      ['role:delete', 'DELETE', `/roles/${role.id}`],
    ];
    const all = ['role:read', 'role:create', 'role:update', 'role:delete'];
    for (const [permission, method, path, json] of acts) {
      const without = await aKey(owner, ...all.filter((one) => one !== permission), 'role:grant', 'user:*');
      const refused = await service.client.call(method, path, { headers: without, json });
      expectProblem(refused, 403, 'INSUFFICIENT_PERMISSIONS');
      const answer = await service.client.call(method, path, { headers: await aKey(owner, permission), json });
      expect([path, answer.status]).toEqual([path, { GET: 200, POST: 201, PUT: 200, DELETE: 204 }[method]]);
    }
  });

  describe('are no way up', () => {
    let owner: Caller;
    let admin: Caller;
    let mighty: Role;
    let own: Role;
    beforeAll(async () => {
      owner = await anOwner();
      mighty = await made(owner, { name: 'mighty', permissions: ['*:*'] });
      // All that an administrator of people may need, but nothing of the log.
      own = await made(owner, { name: 'manager', permissions: ['role:*', 'user:*', 'api_key:*', 'tenant:*'] });
      admin = await aMember(owner, 'manager');
    });

    const account = { email: 'new@example.com', password: PASSWORD };
    const WAYS: readonly [string, string, () => [string, string, object?], string][] = [
      [
        'a role made',
        'access.denied',
        () => ['POST', '/roles', { name: 'new', permissions: ['*:*'] }],
        'above_own_rights',
      ],
      [
        'an edit of the role one holds',
        'access.denied',
        () => ['PUT', `/roles/${own.id}`, { name: 'manager', permissions: [...own.permissions, 'audit:read'] }],
        'above_own_rights',
      ],
      [
        'an edit of a role above one',
        'access.denied',
        () => ['PUT', `/roles/${mighty.id}`, { name: 'mighty', permissions: ['role:*'] }],
        'above_own_rights',
      ],
      ['the end of a role above one', 'access.denied', () => ['DELETE', `/roles/${mighty.id}`], 'above_own_rights'],
      [
        'a role of the name of a built-in one',
        'role.created',
        () => ['POST', '/roles', { name: 'owner', permissions: [] }],
        'name_taken',
      ],
      [
        'an edit of a built-in role',
        'role.updated',
        () => ['PUT', `/roles/${viewer()}`, { name: 'viewer', permissions: ['user:*'] }],
        'built_in',
      ],
      [
        'an invitation',
        'user.invited',
        () => ['POST', '/users/invite', { email: account.email, role: 'mighty' }],
        'beyond_inviters_permissions',
      ],
      [
        'an invitation as owner',
        'user.invited',
        () => ['POST', '/users/invite', { email: account.email, role: 'owner' }],
        'beyond_inviters_permissions',
      ],
      ['a new account', 'access.denied', () => ['POST', '/users', { ...account, role: 'mighty' }], 'above_own_rights'],
      [
        'a new account of an owner',
        'access.denied',
        () => ['POST', '/users', { ...account, role: 'owner' }],
        'above_own_rights',
      ],
      [
        'a key',
        'api_key.created',
        () => ['POST', '/api-keys', { name: 'k', permissions: ['*:*'] }],
        'beyond_own_permissions',
      ],
      [
        'acting on who is above one',
        'access.denied',
        () => ['POST', `/users/${owner.user}/disable`],
        'above_own_rights',
      ],
      [
        'a policy that is not for the tenant to decide',
        'access.denied',
        () => ['PATCH', `/tenants/${owner.tenant}/policy`, { mail_sender: 'no-reply@bank.example' }],
        'needs_system_administrator',
      ],
    ];
    let viewerId = '';
    const viewer = (): string => viewerId;
    beforeAll(async () => {
      viewerId = (await rolesOf(owner)).find(({ name }) => name === 'viewer')!.id;
    });

    it.each(WAYS)('by %s: refused, and on record as %s', async (_, action, attempt, reason) => {
      const before = await of(owner, action);
      const roles = await rolesOf(owner);
      const answer = await call(admin, ...attempt());
      expect([403, 409]).toContain(answer.status);
      expectProblem(answer, answer.status, answer.status === 403 ? 'INSUFFICIENT_PERMISSIONS' : 'CONFLICT');
      const [event, ...more] = (await of(owner, action)).slice(before.length);
      expect(event).toMatchObject({ outcome: 'failure', user_id: admin.user, details: { reason } });
      expect(more).toEqual([]);
      expect(await rolesOf(owner)).toEqual(roles);
      expect((await call(admin, 'GET', '/auth/me')).body).toMatchObject({ permissions: [...own.permissions].sort() });
    });

    it('by asking about somebody else: there is no such field', async () => {
      const answer = await call(admin, 'POST', '/authz/check', { permission: 'audit:read', user_id: owner.user });
      expectProblem(answer, 422, 'VALIDATION_FAILED');
      expect(answer.body.errors).toMatchObject([{ field: 'user_id', code: 'FIELD_UNKNOWN' }]);
    });
  });

  describe('the catalogue of permissions', () => {
    type Resource = { resource: string; permissions: string[]; built_in: boolean };
    const catalogue = async (by: Caller, query = '?limit=100'): Promise<Resource[]> =>
      (await call(by, 'GET', `/permissions${query}`)).body.items as unknown as Resource[];

    it('holds what the service knows and what the tenant registered, in pages by name', async () => {
      const [owner, other] = [await anOwner(), await anOwner()];
      const invoice = { resource: 'invoice', description: 'Invoices', actions: ['read', 'approve'] };
      const registered = await call(owner, 'POST', '/permissions', invoice);
      const shown = { ...invoice, permissions: ['invoice:*', 'invoice:read', 'invoice:approve'], built_in: false };
      expect([registered.status, registered.body]).toEqual([201, shown]);
      const all = await catalogue(owner);
      expect(all).toContainEqual(shown);
      expect(all).toHaveLength(13);
      const first = (await call(owner, 'GET', '/permissions?limit=7')).body;
      expect([...first.items, ...(await catalogue(owner, `?cursor=${first.next_cursor}`))]).toEqual(all);
      expect((await catalogue(other)).every(({ built_in }) => built_in)).toBe(true);
      expectProblem(await call(owner, 'POST', '/permissions', invoice), 409, 'CONFLICT');
      const replaced = await call(owner, 'PUT', '/permissions/invoice', { actions: ['cancel'] });
      expect([replaced.status, replaced.body]).toMatchObject([200, { description: '', actions: ['cancel'] }]);
      expect((await call(owner, 'DELETE', '/permissions/invoice')).status).toBe(204);
      expectProblem(await call(owner, 'DELETE', '/permissions/invoice'), 404, 'NOT_FOUND');
      expect(await catalogue(owner)).toHaveLength(12);
      for (const action of ['permission.registered', 'permission.updated', 'permission.removed']) {
        expect(await of(owner, action)).toMatchObject([{ outcome: 'success', user_id: owner.user }]);
      }
    });

    it('says of built-in resources what the service says', async () => {
      const owner = await anOwner();
      const json = { actions: ['rule'] };
      expectProblem(await call(owner, 'POST', '/permissions', { ...json, resource: 'user' }), 409, 'CONFLICT');
      expectProblem(await call(owner, 'PUT', '/permissions/user', json), 409, 'CONFLICT');
      expectProblem(await call(owner, 'DELETE', '/permissions/user'), 409, 'CONFLICT');
    });

    it.each(['%00', 'Invoice', 'in%3Avoice', '*', 'a'.repeat(65), "'--"])(
      'holds nothing under what is no name, so there is nothing to change: %s',
      async (name) => {
        for (const [method, json] of [['PUT', { actions: ['read'] }], ['DELETE']] as const) {
          expectProblem(await call(somebody, method, `/permissions/${name}`, json), 404, 'NOT_FOUND');
        }
      },
    );

    it.each<[string, object, string]>([
      ['no action', { resource: 'invoice', actions: [] }, 'actions'],
      ['a star', { resource: 'invoice', actions: ['*'] }, 'actions'],
      ['an action twice', { resource: 'invoice', actions: ['read', 'read'] }, 'actions'],
      ['an action that is no text', { resource: 'invoice', actions: [1] }, 'actions'],
      ['a star for a name', { resource: '*', actions: ['read'] }, 'resource'],
      ['a colon in the name', { resource: 'in:voice', actions: ['read'] }, 'resource'],
    ])('takes no resource with %s', async (_, json, field) => {
      const answer = await call(somebody, 'POST', '/permissions', json);
      expectProblem(answer, 422, 'VALIDATION_FAILED');
      expect(answer.body.errors.map((one) => one.field)).toEqual([field]);
    });
  });

  describe('what the caller may do', () => {
    const check = (by: Caller, json: unknown): Promise<Answer> => call(by, 'POST', '/authz/check', json);

    it('is answered with the role that grants it, and follows the role at once', async () => {
      const owner = await anOwner();
      const role = await made(owner, CURATOR);
      const ann = await aMember(owner, 'curator');
      const granted = { allowed: true, reason: 'granted', via: { role: 'curator', permission: 'dataset:*' } };
      const answer = await check(ann, { permission: 'dataset:read' });
      expect([answer.status, answer.body]).toEqual([200, { permission: 'dataset:read', ...granted }]);
      const denied = { allowed: false, reason: 'not_granted', via: null };
      const checks = ['dataset:*', 'user:read', 'unheard:of', 'dataset:read'].map((permission) => ({ permission }));
      expect((await check(ann, { checks })).body).toEqual({
        results: [
          { permission: 'dataset:*', ...granted },
          { permission: 'user:read', ...denied },
          { permission: 'unheard:of', ...denied },
          { permission: 'dataset:read', ...granted },
        ],
      });
      await call(owner, 'PUT', `/roles/${role.id}`, { name: 'curator', permissions: [] });
      expect((await check(ann, { permission: 'dataset:read' })).body).toMatchObject(denied);
      expect((await check(owner, { permission: '*:*' })).body.via).toEqual({ role: 'owner', permission: '*:*' });
    });

    it('is all for system administrators, whichever roles they hold, and they are told that this is why', async () => {
      const admin = await aMember(await anOwner(), 'viewer');
      await service.source.query('UPDATE users SET system_administrator = true WHERE id = $1', [admin.user]);
      service.clock.advance({ seconds: 2 });
      const { body } = await check(admin, {
        checks: [{ permission: 'dataset:read' }, { permission: 'tenant:delete' }],
      });
      expect((await check(admin, { checks: ['dataset:read', 'tenant:delete'] })).body).toEqual(body);
      expect(body.results).toMatchObject([
        { allowed: true, via: { role: 'viewer', permission: 'dataset:read' } },
        { allowed: true, reason: 'granted', via: { role: 'system administrator', permission: '*:*' } },
      ]);
    });

    it('by a key is what the key was given too, and says when that is why not', async () => {
      const owner = await anOwner();
      const headers = await aKey(owner, 'dataset:read');
      const ask = async (permission: string) =>
        (await service.client.post('/authz/check', { headers, json: { permission } })).body;
      const via = { role: 'owner', permission: '*:*' };
      expect(await ask('dataset:read')).toEqual({ permission: 'dataset:read', allowed: true, reason: 'granted', via });
      expect(await ask('user:read')).toEqual({ permission: 'user:read', allowed: false, reason: 'beyond_key', via });
    });

    it.each<[string, unknown]>([
      ['nothing', {}],
      ['both', { permission: 'a:b', checks: [{ permission: 'a:b' }] }],
      ['what is no permission', { permission: 'dataset' }],
      ['capitals', { permission: 'Dataset:read' }],
      ['no checks', { checks: [] }],
      ['more than a hundred checks', { checks: Array.from({ length: 101 }, () => ({ permission: 'a:b' })) }],
      ['texts that are no permissions', { checks: ['a:b', 'anything'] }],
      ['a check about somebody else', { checks: [{ permission: 'a:b', user_id: NOBODYS }] }],
      ['a check of nothing', { checks: [null] }],
      ['a list of lists', { checks: [['a:b']] }],
    ])('is not asked with %s', async (_, json) => {
      expectProblem(await check(somebody, json), 422, 'VALIDATION_FAILED');
    });

    it('is asked by nobody without a credential', async () => {
      expectProblem(await service.client.post('/authz/check', { json: { permission: 'a:b' } }), 401, 'TOKEN_MISSING');
    });
  });

  it('of a tenant’s own are offered to new members', async () => {
    const owner = await anOwner();
    await made(owner, CURATOR);
    const account = { email: 'curator@example.com', password: PASSWORD, role: 'curator' };
    expect((await call(owner, 'POST', '/users', account)).body).toMatchObject({ roles: ['curator'] });
    const invited = await call(owner, 'POST', '/users/invite', { email: 'bob@example.com', role: 'curator' });
    expect([invited.status, invited.body]).toMatchObject([201, { role: 'curator' }]);
    expect((await call(owner, 'GET', '/users?role=curator')).body.items).toHaveLength(1);
  });
});
