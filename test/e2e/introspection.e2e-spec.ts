import { DataSource } from 'typeorm';
import { tenantId, userId } from '../../src/kernel/ids';
import { Tenants } from '../../src/modules/tenancy/application/tenants.port';
import { roleGranted } from '../../src/modules/tenancy/member.events';
import { UnitOfWork } from '../../src/platform/database/unit-of-work';
import { EventLog } from '../../src/platform/events/event-log';
import type { Answer, Tokens } from '../support/client';
import { aFurtherTenant } from '../support/further-tenant';
import { claimsOf, KeyHolder } from '../support/key-holder';
import { expectProblem } from '../support/problems';
import { aService, type TestService } from '../support/service';

const INACTIVE = '{"active":false}';

describe('introspection', () => {
  const signer = new KeyHolder();
  let service: TestService;
  let mine: Tokens;
  let ann: string;
  let tenant: string;
  /** May ask. */
  let key: string;
  /** May not. */
  let weakKey: string;

  beforeAll(async () => {
    service = await aService({ variables: { ...signer.variables, RATE_LIMITS: 'off' } });
    const { access: token } = await service.client.signedUp('ann@example.com', { tenant_name: 'Acme' });
    ({ sub: ann = '', tid: tenant } = claimsOf(token) as { sub?: string; tid: string });
    const aKey = async (permission: string): Promise<string> => {
      const json = { name: 'gateway', permissions: [permission] };
      return String((await service.client.post('/api-keys', { json, token })).body.key);
    };
    [key, weakKey] = [await aKey('token:introspect'), await aKey('detector:*')];
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    mine = await service.client.signedIn('ann@example.com');
  });

  const ask = (token: string): Promise<Answer> =>
    service.client.post('/auth/introspect', { form: { token }, headers: { 'x-api-key': key } });

  it('tells of an access token in force what it says, in the words of RFC 7662', async () => {
    const { roles, permissions, ...claims } = claimsOf(mine.access);
    const answer = await ask(mine.access);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toEqual({
      active: true,
      token_type: 'Bearer',
      ...claims,
      roles: roles as unknown,
      permissions: permissions as unknown,
    });
    expect(Object.keys(answer.body).sort()).toEqual([
      'acr',
      'active',
      'amr',
      'api_version',
      'aud',
      'auth_time',
      'client_id',
      'exp',
      'iat',
      'iss',
      'jti',
      'nbf',
      'permissions',
      'roles',
      'scope',
      'sid',
      'sub',
      'tid',
      'token_type',
    ]);
    expect(answer.text).not.toContain('@');
  });

  it('tells of the rights of this moment, not of those the token was issued with', async () => {
    const member = await service.client.signedUp('member@example.com');
    const { sub: id = '' } = claimsOf(member.access);
    const [tenantOfAnn, user] = [tenantId(tenant), userId(id)];
    const grant = (role: string): Promise<void> =>
      service.app.get(UnitOfWork).run(async (now) => {
        await service.app.get(Tenants).addMember(tenantOfAnn, user, role, now);
        await service.app.get(EventLog).append(roleGranted(tenantOfAnn, user, role, null));
      });
    await grant('viewer');
    const { body: pair } = await service.client.post('/auth/switch-tenant', { json: { tenant }, token: member.access });
    expect((await ask(pair.access_token)).body).toMatchObject({ roles: ['viewer'] });
    await grant('analyst');
    expect(claimsOf(pair.access_token).roles).toEqual(['viewer']);
    expect((await ask(pair.access_token)).body).toMatchObject({
      roles: ['analyst', 'viewer'],
      permissions: ['dataset:read', 'detection:explain', 'detection:predict', 'detector:read', 'experiment:read'],
    });
  });

  it('tells of a refresh token in force whose it is, and does not use it up', async () => {
    const { sub, tid } = claimsOf(mine.access) as { sub?: string; tid: string };
    for (let time = 0; time < 3; time += 1) {
      const { body } = await ask(mine.refresh);
      expect(body).toEqual({
        active: true,
        token_type: 'refresh_token',
        iss: 'http://localhost:3000',
        sub,
        tid,
        sid: mine.session,
        client_id: 'doorward',
        iat: expect.any(Number) as number,
        exp: expect.any(Number) as number,
      });
      expect(Number(body.exp) - Number(body.iat)).toBe(604_800);
    }
    const next = await service.client.refresh(mine.refresh);
    expect(next.status).toBe(200);
    expect((await ask(next.body.refresh_token)).body.active).toBe(true);
  });

  it('says one and the same of every token that is not in force here', async () => {
    const ended = await service.client.signedIn('ann@example.com');
    await service.client.post('/auth/logout', { token: ended.access });
    const spent = await service.client.signedIn('ann@example.com');
    await service.client.refresh(spent.refresh);
    const foreign = await service.client.signedUp('bob@example.com', { tenant_name: 'Bobs' });
    const idle = await service.client.signedIn('ann@example.com');
    await service.app
      .get(DataSource)
      .query(`UPDATE sessions SET idle_expires_at = now() - interval '1 second' WHERE id = $1`, [idle.session]);
    const tokens: Readonly<Record<string, string>> = {
      garbage: 'garbage',
      'a blank': ' ',
      'three empty parts': '..',
      'an expired access token': signer.expired(mine.access),
      'an access token of type JWT': signer.altered(mine.access, { header: { typ: 'JWT' } }),
      'an access token of another issuer': signer.altered(mine.access, { claims: { iss: 'https://evil.example' } }),
      'an access token with another payload': mine.access.replace(
        /\.[^.]+\./,
        `.${Buffer.from('{}').toString('base64url')}.`,
      ),
      'an access token of an ended session': ended.access,
      'a refresh token of an ended session': ended.refresh,
      'an access token of an expired session': idle.access,
      'a refresh token of an expired session': idle.refresh,
      'an access token for another tenant': foreign.access,
      'a refresh token for another tenant': foreign.refresh,
      'a spent refresh token': spent.refresh,
      'a refresh token cut short': mine.refresh.slice(0, -1),
      'an API key that is none': `dw_live_${'A'.repeat(49)}`,
      'the API key itself': key,
    };
    const said: Record<string, string> = {};
    for (const [name, token] of Object.entries(tokens)) {
      const { status, text } = await ask(token);
      said[name] = `${status} ${text}`;
    }
    expect(said).toEqual(Object.fromEntries(Object.keys(tokens).map((name) => [name, `200 ${INACTIVE}`])));
    expect((await service.client.refresh(foreign.refresh)).status).toBe(200);
  });

  it('knows the tokens of a user who is in both tenants by the tenant they are for', async () => {
    const { id } = await aFurtherTenant(service.app, ann);
    const { body } = await service.client.post('/auth/switch-tenant', { json: { tenant: id }, token: mine.access });
    expect((await ask(body.access_token)).text).toBe(INACTIVE);
    expect((await ask(body.refresh_token)).text).toBe(INACTIVE);
    expect((await ask(mine.access)).body.active).toBe(true);
  });

  it('does not take a spent refresh token for a stolen one', async () => {
    const { body: next } = await service.client.refresh(mine.refresh);
    const { body: latest } = await service.client.refresh(next.refresh_token);
    expect((await ask(mine.refresh)).text).toBe(INACTIVE);
    expect((await service.client.refresh(latest.refresh_token)).status).toBe(200);
  });

  it('is asked in a form or in JSON, with what OAuth clients send along', async () => {
    const sent = { token: mine.access, token_type_hint: 'refresh_token', client_id: 'x', client_secret: 'y' };
    const asForm = await service.client.post('/auth/introspect', { form: sent, headers: { 'x-api-key': key } });
    const asJson = await service.client.post('/auth/introspect', {
      json: sent,
      headers: { authorization: `Bearer ${key}` },
    });
    expect(asForm.body.active).toBe(true);
    expect(asJson.text).toBe(asForm.text);
  });

  it('is for API keys that were given it', async () => {
    const form = { token: mine.access };
    const asked = (headers: Record<string, string>): Promise<Answer> =>
      service.client.post('/auth/introspect', { form, headers });
    expectProblem(await asked({}), 401, 'TOKEN_MISSING');
    expectProblem(await asked({ authorization: `Bearer ${mine.access}` }), 403, 'INSUFFICIENT_PERMISSIONS');
    expectProblem(await asked({ 'x-api-key': weakKey }), 403, 'INSUFFICIENT_PERMISSIONS');
    expectProblem(await asked({ 'x-api-key': `dw_live_${'A'.repeat(49)}` }), 401, 'API_KEY_INVALID');
    expectProblem(await asked({ authorization: `Basic ${btoa(`x:${key}`)}` }), 401, 'TOKEN_INVALID');
  });

  it.each<[string, Record<string, string>, string, string]>([
    ['no token', {}, 'token', 'FIELD_REQUIRED'],
    ['an empty token', { token: '' }, 'token', 'FIELD_REQUIRED'],
    ['a hint alone', { token_type_hint: 'access_token' }, 'token', 'FIELD_REQUIRED'],
    ['a tenant of one’s choice', { token: 'x', tenant: 'other' }, 'tenant', 'FIELD_UNKNOWN'],
  ])('is not tried with %s', async (_name, form, field, code) => {
    const answer = await service.client.post('/auth/introspect', { form, headers: { 'x-api-key': key } });
    expectProblem(answer, 422, 'VALIDATION_FAILED');
    expect(answer.body.errors.map((error) => [error.field, error.code])).toContainEqual([field, code]);
  });

  it('reads no token from the query', async () => {
    const headers = { 'x-api-key': key };
    const answer = await service.client.post(`/auth/introspect?token=${mine.access}`, { form: {}, headers });
    expectProblem(answer, 422, 'VALIDATION_FAILED');
  });
});
