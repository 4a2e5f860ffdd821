import { Installation } from '../../src/boot/installation';
import { tenantId, userId } from '../../src/kernel/ids';
import { TenancyFacade } from '../../src/modules/tenancy/tenancy.facade';
import { type Answer, PASSWORD } from '../support/client';
import { ONE_DATABASE } from '../support/database';
import { claimsOf, KeyHolder } from '../support/key-holder';
import { expectProblem } from '../support/problems';
import { aService, type TestService } from '../support/service';

const NEW_PASSWORD = 'a wholly new phrase to remember';

describe.each(ONE_DATABASE)('one’s own account (%s)', (database) => {
  const keyHolder = new KeyHolder();
  let service: TestService;
  beforeAll(async () => {
    service = await aService({ database, variables: keyHolder.variables });
  });
  afterAll(() => service.stop());

  it('has names its owner may change, clear and leave alone', async () => {
    const { client } = service;
    const { access: token } = await client.signedUp('names@example.com', {
      username: 'names',
      first_name: 'Ann',
      last_name: 'B',
    });
    const changed = await client.patch('/users/me', { json: { first_name: 'Anna', last_name: null }, token });
    expect(changed.body).toMatchObject({ username: 'names', first_name: 'Anna', last_name: null });
    expect((await client.patch('/users/me', { json: {}, token })).body).toEqual(changed.body);
    expect((await client.get('/users/me', { token })).body).toEqual(changed.body);
  });

  it('has a username nobody else has, in whatever case', async () => {
    const { client } = service;
    await client.register('first@example.com', { username: 'Taken' });
    const { access: token } = await client.signedUp('second@example.com');
    expectProblem(await client.patch('/users/me', { json: { username: 'tAKEN' }, token }), 409, 'USERNAME_TAKEN');
    expectProblem(await client.register('third@example.com', { username: 'taken' }), 409, 'USERNAME_TAKEN');
    expectProblem(await client.register('FIRST@example.com'), 409, 'EMAIL_TAKEN');
  });

  it('keeps the session in which its password was changed, and ends the others', async () => {
    const { client } = service;
    const here = await client.signedUp('change@example.com');
    const elsewhere = await client.signedIn('change@example.com');
    const json = { current_password: PASSWORD, new_password: NEW_PASSWORD };
    expect((await client.post('/auth/password/change', { json, token: here.access })).status).toBe(204);

    expect((await client.get('/auth/me', { token: here.access })).status).toBe(200);
    expectProblem(await client.get('/auth/me', { token: elsewhere.access }), 401, 'TOKEN_INVALID');
    expectProblem(await client.refresh(elsewhere.refresh), 401, 'REFRESH_TOKEN_INVALID');
    expectProblem(await client.login('change@example.com'), 401, 'INVALID_CREDENTIALS');
    expect((await client.login('change@example.com', NEW_PASSWORD)).status).toBe(200);
  });

  it('needs its present password for a new one, which must meet the policy', async () => {
    const { client } = service;
    const { access: token } = await client.signedUp('policy@example.com');
    const change = (current_password: string, new_password: string) =>
      client.post('/auth/password/change', { json: { current_password, new_password }, token });
    expectProblem(await change('not the password', NEW_PASSWORD), 401, 'INVALID_CREDENTIALS');
    const weak = await change(PASSWORD, 'short');
    expectProblem(weak, 422, 'VALIDATION_FAILED');
    expect(weak.body.errors.map(({ field, code }) => [field, code])).toEqual([
      ['new_password', 'PASSWORD_TOO_SHORT'],
      ['new_password', 'PASSWORD_TOO_WEAK'],
    ]);
    expect((await client.login('policy@example.com')).status).toBe(200);
  });

  it('shows its owner what happened to it, newest first, page by page', async () => {
    const { client } = service;
    const { access: token } = await client.signedUp('audit@example.com');
    await client.login('audit@example.com', 'not the password');
    const all = await client.get('/auth/audit-logs', { token });
    expect(all.body.items.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['auth.login', 'failure'],
      ['auth.login', 'success'],
      ['user.registered', 'success'],
      ['tenant.created', 'success'],
    ]);
    const first = await client.get('/auth/audit-logs?limit=3', { token });
    const second = await client.get(`/auth/audit-logs?limit=3&cursor=${first.body.next_cursor ?? ''}`, { token });
    expect([...first.body.items, ...second.body.items]).toEqual(all.body.items);
    expect(second.body.next_cursor).toBeNull();
    const failures = await client.get('/auth/audit-logs?outcome=failure&action=auth.login', { token });
    expect(failures.body.items).toHaveLength(1);
    expectProblem(await client.get('/auth/audit-logs?limit=0', { token }), 422, 'VALIDATION_FAILED');
    for (const from of ['2026-11-21T23:59:60Z', '2026-02-30T00:00:00Z', 'yesterday']) {
      expectProblem(await client.get(`/auth/audit-logs?from=${from}`, { token }), 422, 'VALIDATION_FAILED');
    }
    const { body: me } = await client.get('/users/me', { token });
    expect((await client.get(`/auth/audit-logs?user_id=${String(me.id)}`, { token })).body.items).toHaveLength(4);
    const { body: others } = await client.get('/auth/audit-logs?user_id=01890a5d-ac96-774b-bcce-b302099a8057', {
      token,
    });
    expect(others).toEqual({ items: [], next_cursor: null });
    expectProblem(await client.get('/auth/audit-logs?nonsense=1', { token }), 422, 'VALIDATION_FAILED');
  });

  it('answers alike to an unknown user, a wrong password, a disabled account and a filled honeypot', async () => {
    const { client } = service;
    await client.register('alike@example.com');
    const json = { username: 'alike@example.com', password: PASSWORD };
    const answers = [
      await client.login('nobody@example.com'),
      await client.login('alike@example.com', 'not the password'),
      await client.post('/auth/login', { json: { ...json, website_url: 'https://spam.example' } }),
      await client.post('/auth/login', { json: { ...json, tenant: 'not-a-tenant' } }),
    ];
    answers.forEach((answer) => {
      expectProblem(answer, 401, 'INVALID_CREDENTIALS');
    });
    expect(new Set(answers.map(({ body }) => `${body.detail} ${String(body.title)}`)).size).toBe(1);
  });

  it('is not made for whoever fills in the field people do not see', async () => {
    const { client } = service;
    const filled = await client.register('robot@example.com', { website_url: 'https://spam.example' });
    const real = await client.register('person@example.com', { website_url: '' });
    expect([filled.status, Object.keys(filled.body.user)]).toEqual([201, Object.keys(real.body.user)]);
    expectProblem(await client.login('robot@example.com'), 401, 'INVALID_CREDENTIALS');
  });

  it('may own a tenant of a given name, which its tokens are for', async () => {
    const { client } = service;
    const { access: token } = await client.signedUp('owner@example.com', { tenant_name: 'Acmé Corp.' });
    const me = await client.get('/auth/me', { token });
    expect(me.body).toMatchObject({ tenant: { name: 'Acmé Corp.', slug: 'acme-corp' }, roles: ['owner'] });
    const { status } = await client.post('/auth/login', {
      json: { username: 'owner@example.com', password: PASSWORD, tenant: 'acme-corp' },
    });
    expect(status).toBe(200);
  });

  describe('belongs to its user:', () => {
    const own = (method: string, path: string, token?: string, headers: Record<string, string> = {}): Promise<Answer> =>
      service.client.call(method, path, { ...(token !== undefined && { token }), headers });

    it.each([
      ['GET', '/users/me/export'],
      ['DELETE', '/users/me'],
    ])('%s %s is for who signed in lately', async (method, path) => {
      const email = `lately-${method.toLowerCase()}@example.com`;
      const { access } = await service.client.signedUp(email);
      expectProblem(await own(method, path), 401, 'TOKEN_MISSING');
      expectProblem(await own(method, path, keyHolder.ofAnOldSignIn(access)), 403, 'STEP_UP_REQUIRED');
      expect((await service.client.get('/auth/me', { token: access })).status).toBe(200);
      expect((await own(method, path, access)).status).toBe(method === 'GET' ? 200 : 204);
    });

    it('they take with them what is held about them, as a file and without secrets', async () => {
      const names = { username: 'exported', first_name: 'Ann' };
      const { access, session } = await service.client.signedUp('export@example.com', names);
      const answer = await own('GET', '/users/me/export', access);
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
      expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w-]+\.json"$/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(Object.keys(answer.body).sort()).toEqual(['data', 'exported_at']);
      expect(Math.abs(Date.parse(answer.body.exported_at as string) - Date.now())).toBeLessThan(60_000);
      expect(answer.body.data).toMatchObject({
        account: [{ email: 'export@example.com', ...names }],
        sessions: [{ id: session }],
        memberships: [{ roles: ['owner'] }],
        audit_events: expect.arrayContaining([expect.objectContaining({ action: 'user.registered' })]) as unknown,
      });
      expect(answer.text).not.toMatch(/\$argon2|_hash|secret|stamp/);
    });

    it('they end it: nothing of it opens anything, its cookie goes, and the address is free', async () => {
      const email = 'ending@example.com';
      const elsewhere = await service.client.signedUp(email);
      const here = await service.client.post('/auth/login', {
        json: { username: email, password: PASSWORD },
        headers: { 'x-token-delivery': 'cookie' },
      });
      const cookie = here.headers.get('set-cookie')?.split(';')[0] ?? '';
      const answer = await own('DELETE', '/users/me', here.body.access_token, {
        cookie,
        'sec-fetch-site': 'same-origin',
      });
      expect([answer.status, answer.text]).toEqual([204, '']);
      const name = cookie.split('=')[0] ?? '';
      expect(name).toContain('dw_refresh');
      expect(answer.headers.get('set-cookie')).toMatch(new RegExp(`^${name}=; .*Max-Age=0`));

      for (const token of [here.body.access_token, elsewhere.access]) {
        expectProblem(await service.client.get('/auth/me', { token }), 401, 'TOKEN_INVALID');
        expectProblem(await own('DELETE', '/users/me', token), 401, 'TOKEN_INVALID');
      }
      expectProblem(await service.client.refresh(elsewhere.refresh), 401, 'REFRESH_TOKEN_INVALID');
      expectProblem(await service.client.login(email), 401, 'INVALID_CREDENTIALS');
      const { access } = await service.client.signedUp(email);
      const { body } = await service.client.get('/auth/audit-logs', { token: access });
      expect(body.items.map(({ action }) => action)).toEqual(['auth.login', 'user.registered', 'tenant.created']);
    });

    it('they do not end it while others need them as the owner of a tenant', async () => {
      const { access } = await service.client.signedUp('needed@example.com', { tenant_name: 'Needy' });
      const other = await service.client.signedUp('needing@example.com');
      await service.app
        .get(TenancyFacade)
        .join(tenantId(claimsOf(access).tid as string), userId(claimsOf(other.access).sub ?? ''), 'viewer');
      expectProblem(await own('DELETE', '/users/me', access), 409, 'LAST_OWNER');
      expect((await service.client.get('/auth/me', { token: access })).status).toBe(200);
    });
  });
});

describe('with authentication switched off', () => {
  it('every request acts as the first administrator, and every answer says so', async () => {
    const service = await aService({ variables: { AUTH_ENABLED: 'false' } });
    await new Installation(service.app).firstAdministrator();
    const answer = await service.client.get('/auth/me');
    expect(answer.body).toMatchObject({ email: 'admin@doorward.localhost', permissions: ['*:*'] });
    expect(answer.headers.get('x-doorward-auth')).toBe('disabled');
    expect((await service.client.get('/auth/me', { token: 'an.old.token' })).status).toBe(200);
    expect((await service.client.post('/auth/logout')).status).toBe(204);
    await service.stop();
  });
});
