import { Installation } from '../../src/boot/installation';
import { PASSWORD } from '../support/client';
import { DATABASES } from '../support/database';
import { expectProblem } from '../support/problems';
import { aService, type TestService } from '../support/service';

const NEW_PASSWORD = 'a wholly new phrase to remember';

describe.each(DATABASES)('one’s own account (%s)', (database) => {
  let service: TestService;
  beforeAll(async () => {
    service = await aService({ database });
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
