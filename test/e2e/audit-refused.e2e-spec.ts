import { randomUUID } from 'node:crypto';
import { KeyUses } from '../../src/modules/tokens/application/api-keys/key-uses.port';
import type { Mail } from '../../src/platform/mail/mails';
import { type Answer, type Client, PASSWORD, type Tokens } from '../support/client';
import type { TestContext } from '../support/context';
import { ONE_DATABASE } from '../support/database';
import { mailsOf } from '../support/mails-of';
import { expectProblem } from '../support/problems';
import { recorded } from '../support/recorded';
import { aService, type TestService } from '../support/service';
import { enrolled } from '../support/two-steps';

const NEW_PASSWORD = 'a phrase that takes its place today';

/** A deed, and what it is answered with as soon as it can be recorded. */
type Deed = readonly [name: string, status: number, call: () => Promise<Answer>];

type Person = Tokens & { readonly id: string; readonly tenant: string; readonly email: string };

function contentsOf(table: string): string {
  const rows =
    table === 'lockouts'
      ? `SELECT account, failures, stopped_at, sources, checks FROM lockouts
         WHERE (failures, stopped_at IS NULL, sources, checks) <> (0, true, '{}', '[]')`
      : `SELECT * FROM ${table}`;
  return `SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM (${rows}) t`;
}

describe.each(ONE_DATABASE)('while no event can be recorded (%s)', (database) => {
  let service: TestService;
  let client: Client;

  const person = async (name: string, more: Readonly<Record<string, unknown>> = {}): Promise<Person> => {
    const email = `${name}@example.com`;
    await client.register(email, more);
    const { body } = await client.login(email);
    const { access_token: access, refresh_token: refresh, session_id: session, tenant_id: tenant } = body;
    const me = await client.get('/users/me', { token: access });
    return { access, refresh, session, tenant, email, id: String(me.body.id) };
  };
  const as = (by: Tokens, method: string, path: string, json?: unknown): Promise<Answer> =>
    client.call(method, path, { token: by.access, ...(json !== undefined && { json }) });
  const lastMail = async <T extends Mail['template']>(template: T): Promise<Extract<Mail, { template: T }>> => {
    const mail = (await mailsOf(service as unknown as TestContext, template)).at(-1);
    return mail as Extract<Mail, { template: T }>;
  };

  /**
   * Every table. Of an account's lockouts what counts: a password is announced before it is compared and taken back when what
   * it led to did not happen (ADR 0018), and the instant of that stays.
   */
  const stored = async (): Promise<Record<string, string>> => {
    const tables = await service.source.query<{ name: string }[]>(
      `SELECT relname AS name FROM pg_class
       WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace`,
    );
    const [found] = await service.source.query<Record<string, string>[]>(
      `SELECT ${tables.map(({ name }) => `(${contentsOf(name)}) AS ${name}`).join(', ')}`,
    );
    return found ?? {};
  };
  const refuse = (): Promise<unknown> => service.source.query('REVOKE INSERT ON audit_events FROM doorward_service');
  const allow = (): Promise<unknown> => service.source.query('GRANT INSERT ON audit_events TO doorward_service');

  beforeAll(async () => {
    service = await aService({ database, hashesOnce: true });
    client = service.client;
  });
  afterAll(() => service.stop());

  it('nothing is done that would be told of, and all of it once it can be; what is only read goes on', async () => {
    const owner = await person('owner', { tenant_name: 'Acme' });
    const [ann, bob, eve] = [await person('ann'), await person('bob'), await person('eve')];
    const [dan, root, fay] = [await person('dan'), await person('root'), await person('fay')];
    await service.source.query('UPDATE users SET system_administrator = true WHERE id = $1', [root.id]);
    for (const { id } of [ann, bob]) {
      await service.source.query('INSERT INTO memberships (tenant_id, user_id, created_at) VALUES ($1, $2, now())', [
        owner.tenant,
        id,
      ]);
    }
    const newUser = { email: 'employee@example.com', role: 'viewer', password: PASSWORD };
    const employee = String((await as(owner, 'POST', '/users', newUser)).body.id);
    const another = await as(owner, 'POST', '/users', { ...newUser, email: 'another@example.com' });
    const disabled = String(another.body.id);
    await as(owner, 'POST', `/users/${disabled}/disable`);
    const role = (await as(owner, 'POST', '/roles', { name: 'reader', description: '', permissions: ['user:read'] }))
      .body;
    await as(owner, 'POST', '/permissions', { resource: 'ticket', description: '', actions: ['read'] });
    const key = (await as(owner, 'POST', '/api-keys', { name: 'one', permissions: ['user:read'] })).body;
    const other = (await as(owner, 'POST', '/api-keys', { name: 'two', permissions: ['user:read'] })).body;
    const invited = (await as(owner, 'POST', '/users/invite', { email: 'guest@example.com', role: 'viewer' })).body;
    const again = (await as(owner, 'POST', '/users/invite', { email: 'again@example.com', role: 'viewer' })).body;
    const { body: theirs } = await as(root, 'POST', '/tenants', { name: 'Further' });
    const { body: suspended } = await as(root, 'POST', '/tenants', { name: 'Suspended' });
    await as(root, 'POST', `/tenants/${String(suspended.id)}/suspend`, {});
    const { app, backupCodes } = await enrolled(client, dan);
    const elsewhere = await client.signedIn(eve.email);
    const [leaving, revoked] = [await client.signedIn(eve.email), await client.signedIn(eve.email)];
    const challenge = String((await client.login(dan.email)).body.challenge_id);
    await client.post('/auth/password-reset/request', { json: { email: bob.email } });
    const reset = new URL((await lastMail('password-reset')).facts.link).searchParams.get('token');
    await client.post('/auth/email/verify/resend', { json: { email: bob.email } });
    const verification = new URL((await lastMail('email-verification')).facts.link).searchParams.get('token');
    await service.app.get(KeyUses).write();

    const on = (path: string): string => `/tenants/${owner.tenant}${path}`;
    const deeds: readonly Deed[] = [
      ['a refused right', 403, () => as(bob, 'PUT', `/tenants/${bob.tenant}/limits`, { max_users: 9 })],
      ['a sign-in', 200, () => client.login(ann.email)],
      ['a sign-in that needs a second factor', 200, () => client.login(dan.email)],
      ['a wrong password', 401, () => client.login(ann.email, 'no password of hers')],
      ['a sign-in of nobody', 401, () => client.login('nobody@example.com')],
      [
        'the second step of a sign-in',
        200,
        () =>
          client.post('/auth/mfa/challenge/verify', {
            json: { challenge_id: challenge, method: 'backup_codes', code: backupCodes[0] },
          }),
      ],
      [
        'a wrong code',
        401,
        () =>
          client.post('/auth/mfa/challenge/verify', {
            json: { challenge_id: challenge, method: 'totp', code: '000000' },
          }),
      ],
      ['a registration', 201, () => client.register('new@example.com', { tenant_name: 'New' })],
      ['a filled honeypot', 201, () => client.register('bot@example.com', { website_url: 'https://example.com' })],
      ['a refresh', 200, () => client.refresh(elsewhere.refresh)],
      [
        'a token that is revoked',
        200,
        () => client.post('/auth/revoke', { form: { token: revoked.refresh }, token: eve.access }),
      ],
      ['a sign-out', 204, () => as(leaving, 'POST', '/auth/logout')],
      ['a step-up', 200, () => as(ann, 'POST', '/auth/step-up', { password: PASSWORD })],
      ['another active tenant', 200, () => as(ann, 'POST', '/auth/switch-tenant', { tenant: owner.tenant })],
      ['an API key', 201, () => as(owner, 'POST', '/api-keys', { name: 'three', permissions: ['user:read'] })],
      ['a changed API key', 200, () => as(owner, 'PATCH', `/api-keys/${String(key.id)}`, { name: 'first' })],
      ['a rotated API key', 201, () => as(owner, 'POST', `/api-keys/${String(key.id)}/rotate`, {})],
      ['a revoked API key', 204, () => as(owner, 'DELETE', `/api-keys/${String(other.id)}`)],
      ['a role granted', 200, () => as(owner, 'PUT', on(`/members/${ann.id}`), { roles: ['admin'] })],
      [
        'a role made',
        201,
        () => as(owner, 'POST', '/roles', { name: 'more', description: '', permissions: ['user:read'] }),
      ],
      [
        'a role changed',
        200,
        () =>
          as(owner, 'PUT', `/roles/${String(role.id)}`, { name: 'reads', description: '', permissions: ['user:read'] }),
      ],
      ['a role removed', 204, () => as(owner, 'DELETE', `/roles/${String(role.id)}`)],
      [
        'a resource',
        201,
        () => as(owner, 'POST', '/permissions', { resource: 'car', description: '', actions: ['read'] }),
      ],
      [
        'a resource changed',
        200,
        () => as(owner, 'PUT', '/permissions/ticket', { description: 'T', actions: ['read'] }),
      ],
      ['a resource removed', 204, () => as(owner, 'DELETE', '/permissions/ticket')],
      ['a tenant', 201, () => as(owner, 'POST', '/tenants', { name: 'Another' })],
      ['a tenant renamed', 200, () => as(owner, 'PATCH', on(''), { name: 'Acme II' })],
      ['a policy', 200, () => as(owner, 'PATCH', on('/policy'), { password_history: 3 })],
      ['limits', 200, () => as(root, 'PUT', `/tenants/${String(theirs.id)}/limits`, { max_users: 7 })],
      ['a tenant suspended', 200, () => as(root, 'POST', `/tenants/${String(theirs.id)}/suspend`, {})],
      ['a tenant reactivated', 200, () => as(root, 'POST', `/tenants/${String(suspended.id)}/reactivate`)],
      ['a tenant deleted', 204, () => as(root, 'DELETE', `/tenants/${String(suspended.id)}`)],
      [
        'a user made',
        201,
        () => as(owner, 'POST', '/users', { email: 'made@example.com', role: 'viewer', password: PASSWORD }),
      ],
      ['a user changed', 200, () => as(owner, 'PATCH', `/users/${employee}`, { first_name: 'Bob' })],
      ['a user locked', 204, () => as(owner, 'POST', `/users/${employee}/lock`)],
      ['a user unlocked', 204, () => as(owner, 'POST', `/users/${employee}/unlock`)],
      ['a user disabled', 204, () => as(owner, 'POST', `/users/${employee}/disable`)],
      ['a user enabled', 204, () => as(owner, 'POST', `/users/${disabled}/enable`)],
      ['a user signed out', 204, () => as(owner, 'POST', `/users/${employee}/sign-out`)],
      ['factors reset', 204, () => as(owner, 'POST', `/users/${employee}/reset-mfa`)],
      ['an invitation', 201, () => as(owner, 'POST', '/users/invite', { email: 'third@example.com', role: 'viewer' })],
      ['an invitation again', 202, () => as(owner, 'POST', `/users/invitations/${String(again.id)}/resend`)],
      ['an invitation withdrawn', 204, () => as(owner, 'DELETE', `/users/invitations/${String(invited.id)}`)],
      ['a reset asked for', 202, () => client.post('/auth/password-reset/request', { json: { email: ann.email } })],
      ['a verification asked for', 202, () => client.post('/auth/email/verify/resend', { json: { email: ann.email } })],
      ['a verified address', 204, () => client.post('/auth/email/verify', { json: { token: verification } })],
      [
        'a password reset',
        204,
        () => client.post('/auth/password-reset/confirm', { json: { token: reset, new_password: NEW_PASSWORD } }),
      ],
      [
        'a reset by a token that is none',
        400,
        () =>
          client.post('/auth/password-reset/confirm', { json: { token: randomUUID(), new_password: NEW_PASSWORD } }),
      ],
      ['an e-mail change', 202, () => as(eve, 'POST', '/auth/email/change', { new_email: 'eve.new@example.com' })],
      ['a profile', 200, () => as(eve, 'PATCH', '/users/me', { first_name: 'Eve' })],
      ['an authenticator app begun', 200, () => as(eve, 'POST', '/mfa/totp/setup', {})],
      ['an e-mail factor begun', 200, () => as(eve, 'POST', '/mfa/email/setup', {})],
      ['a phone begun', 200, () => as(eve, 'POST', '/mfa/sms/setup', { phone_number: '+491709988776' })],
      ['backup codes made anew', 200, () => as(dan, 'POST', '/mfa/backup-codes/regenerate')],
      [
        'a factor removed',
        204,
        () => as(dan, 'DELETE', '/mfa/totp', { password: PASSWORD, code: app.codeAt(new Date()) }),
      ],
      [
        'a changed password',
        204,
        () => as(eve, 'POST', '/auth/password/change', { current_password: PASSWORD, new_password: NEW_PASSWORD }),
      ],
      ['all sessions ended', 200, () => as(ann, 'DELETE', '/auth/sessions')],
      ['a user removed', 204, () => as(owner, 'DELETE', `/users/${employee}`)],
      ['an account deleted', 204, () => as(fay, 'DELETE', '/users/me', { password: PASSWORD })],
    ];

    await refuse();
    const before = await stored();
    const wrong: unknown[] = [];
    for (const [name, , call] of deeds) {
      const answer = await call();
      if (answer.status === 503) expectProblem(answer, 503, 'DEPENDENCY_UNAVAILABLE');
      const after = await stored();
      const changed = Object.keys(after).filter((table) => after[table] !== before[table]);
      if (answer.status !== 503 || changed.length > 0)
        wrong.push([name, answer.status, answer.body.error_code, changed]);
    }
    expect(wrong).toEqual([]);
    for (const path of [
      '/auth/me',
      '/auth/sessions',
      '/auth/audit-logs',
      '/users/me',
      '/users',
      '/roles',
      '/tenants',
      '/api-keys',
    ]) {
      expect([path, (await as(owner, 'GET', path)).status]).toEqual([path, 200]);
    }

    const used = { headers: { 'x-api-key': String(key.key) } };
    expect((await client.get('/users', used)).status).toBe(200);
    await expect(service.app.get(KeyUses).write()).rejects.toThrow('permission denied');

    await allow();
    await service.app.get(KeyUses).write();
    expect((await recorded(service.source, 'api_key.used')).map(({ actor }) => actor)).toEqual(['api_key']);
    const answers: unknown[] = [];
    for (const [name, status, call] of deeds) {
      const answer = await call();
      if (answer.status !== status) answers.push([name, answer.status, answer.text]);
    }
    expect(answers).toEqual([]);
  });
});
