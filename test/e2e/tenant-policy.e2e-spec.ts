import { DataSource } from 'typeorm';
import { Installation } from '../../src/boot/installation';
import { FIREFOX_ON_WINDOWS, SAFARI_ON_IPHONE } from '../support/a-device';
import { type Answer, PASSWORD } from '../support/client';
import { DATABASES } from '../support/database';
import { aFurtherTenant } from '../support/further-tenant';
import { claimsOf, KeyHolder } from '../support/key-holder';
import { expectProblem, masked } from '../support/problems';
import { recorded } from '../support/recorded';
import { aService, type TestService } from '../support/service';

type Signed = { readonly access: string; readonly refresh: string; readonly tenant: string; readonly user: string };

const UNDECIDED = '{"refresh_from_new_device":"allow","mfa_above_risk":null}';

describe.each(DATABASES)('the policy of a tenant (%s)', (database) => {
  const signer = new KeyHolder();
  let service: TestService;
  let users = 0;

  beforeAll(async () => {
    service = await aService({ database, variables: { ...signer.variables, RATE_LIMITS: 'off' } });
  });
  afterAll(() => service.stop());

  /** A new owner of a new tenant, signed in with Firefox. */
  async function anOwner(): Promise<Signed> {
    users += 1;
    const email = `user-${users}@example.com`;
    await service.client.register(email, { tenant_name: 'Acme' });
    const { body } = await service.client.post('/auth/login', {
      json: { username: email, password: PASSWORD },
      headers: { 'user-agent': FIREFOX_ON_WINDOWS },
    });
    const { sub: user = '' } = claimsOf(body.access_token);
    return { access: body.access_token, refresh: body.refresh_token, tenant: body.tenant_id, user };
  }
  const read = (tenant: string, token: string): Promise<Answer> =>
    service.client.get(`/tenants/${tenant}/policy`, { token });
  const change = (tenant: string, json: unknown, token: string): Promise<Answer> =>
    service.client.patch(`/tenants/${tenant}/policy`, { json, token });
  const refreshFrom = (userAgent: string, token: string): Promise<Answer> =>
    service.client.post('/auth/refresh', { json: { refresh_token: token }, headers: { 'user-agent': userAgent } });
  const of = async (action: string, tenant: string) =>
    (await recorded(service.app.get(DataSource), action)).filter(({ tenant_id: id }) => id === tenant);
  const risks = (tenant: string): Promise<unknown> =>
    service.app.get(DataSource).query(
      `SELECT outcome, risk_score FROM audit_events
         WHERE action = 'auth.suspicious_activity' AND tenant_id = $1 ORDER BY sequence`,
      [tenant],
    );

  it('allows refreshes from another device, and sign-ins of any risk, until somebody decides otherwise', async () => {
    const { access, tenant } = await anOwner();
    const answer = await read(tenant, access);
    expect([answer.status, answer.text]).toEqual([200, UNDECIDED]);
  });

  it('is what it was last changed to, and what is left out stays', async () => {
    const { access, tenant } = await anOwner();
    const changed = await change(tenant, { refresh_from_new_device: 'refuse' }, access);
    expect([changed.status, changed.body]).toEqual([200, { refresh_from_new_device: 'refuse', mfa_above_risk: null }]);
    expect((await change(tenant, {}, access)).text).toBe(changed.text);
    expect((await read(tenant, access)).text).toBe(changed.text);
  });

  it('asks for a second factor from any risk on that somebody names, and from none again', async () => {
    const { access, tenant } = await anOwner();
    for (const risk of [1, 100, 50]) {
      const changed = await change(tenant, { mfa_above_risk: risk }, access);
      expect([changed.status, changed.body]).toEqual([200, { refresh_from_new_device: 'allow', mfa_above_risk: risk }]);
    }
    const both = { refresh_from_new_device: 'refuse', mfa_above_risk: 50 };
    expect((await change(tenant, { refresh_from_new_device: 'refuse' }, access)).body).toEqual(both);
    expect((await read(tenant, access)).body).toEqual(both);
    const none = { refresh_from_new_device: 'refuse', mfa_above_risk: null };
    expect((await change(tenant, { mfa_above_risk: null }, access)).body).toEqual(none);
    expect((await read(tenant, access)).body).toEqual(none);
  });

  it('leaves a record of each change, and none of what stays as it is', async () => {
    const { access, tenant, user } = await anOwner();
    await change(tenant, { refresh_from_new_device: 'refuse' }, access);
    await change(tenant, { refresh_from_new_device: 'refuse' }, access);
    await change(tenant, {}, access);
    await change(tenant, { mfa_above_risk: null }, access);
    await change(tenant, { mfa_above_risk: 50 }, access);
    await change(tenant, { refresh_from_new_device: 'allow', mfa_above_risk: null }, access);
    const record = { action: 'tenant.updated', outcome: 'success', actor: 'user', user_id: user, tenant_id: tenant };
    expect(await of('tenant.updated', tenant)).toEqual([
      { ...record, details: { fields: ['refresh_from_new_device'] } },
      { ...record, details: { fields: ['mfa_above_risk'] } },
      { ...record, details: { fields: ['refresh_from_new_device', 'mfa_above_risk'] } },
    ]);
  });

  it('is changed only by who has just proven who they are, never by a key', async () => {
    const { access, tenant } = await anOwner();
    const stale = signer.ofAnOldSignIn(access);
    expect((await read(tenant, stale)).status).toBe(200);
    const json = { refresh_from_new_device: 'refuse' };
    expectProblem(await change(tenant, json, stale), 403, 'STEP_UP_REQUIRED');
    const { body } = await service.client.post('/api-keys', {
      json: { name: 'k', permissions: ['*:*'] },
      token: access,
    });
    const headers = { 'x-api-key': String(body.key) };
    expect((await service.client.get(`/tenants/${tenant}/policy`, { headers })).status).toBe(200);
    expectProblem(
      await service.client.patch(`/tenants/${tenant}/policy`, { json, headers }),
      403,
      'INSUFFICIENT_PERMISSIONS',
    );
    expect((await read(tenant, access)).text).toBe(UNDECIDED);
  });

  it('is read and changed by who may, and by no other member', async () => {
    const owner = await anOwner();
    const { id } = await aFurtherTenant(service.app, owner.user, 'viewer');
    const { body } = await service.client.post('/auth/switch-tenant', { json: { tenant: id }, token: owner.access });
    expectProblem(await read(id, body.access_token), 403, 'INSUFFICIENT_PERMISSIONS');
    const json = { refresh_from_new_device: 'refuse' };
    expectProblem(await change(id, json, body.access_token), 403, 'INSUFFICIENT_PERMISSIONS');
  });

  it('is not there for another tenant, nor for one that is none: one answer', async () => {
    const { access } = await anOwner();
    const other = await anOwner();
    const answers: Answer[] = [];
    for (const id of [other.tenant, '01890a5d-ac96-774b-bcce-b302099a8057', 'acme', '1', '%00', "'--"]) {
      answers.push(await read(id, access), await change(id, { refresh_from_new_device: 'refuse' }, access));
    }
    for (const answer of answers) {
      expectProblem(answer, 404, 'NOT_FOUND');
      expect(masked(answer)).toEqual(masked(answers[0]!));
    }
    expect((await read(other.tenant, other.access)).text).toBe(UNDECIDED);
  });

  it('of any tenant is within reach of a system administrator', async () => {
    const { tenant } = await anOwner();
    const admin = await new Installation(service.app).firstAdministrator();
    const { access } = await service.client.signedIn('admin@doorward.localhost', admin?.oneTimePassword ?? '');
    expect((await read(tenant, access)).status).toBe(200);
    expect((await change(tenant, { refresh_from_new_device: 'refuse' }, access)).status).toBe(200);
    expectProblem(await read('01890a5d-ac96-774b-bcce-b302099a8057', access), 404, 'NOT_FOUND');
  });

  it.each<[string, unknown, string, string]>([
    ['another word', { refresh_from_new_device: 'deny' }, 'refresh_from_new_device', 'FIELD_INVALID'],
    ['no word', { refresh_from_new_device: true }, 'refresh_from_new_device', 'FIELD_INVALID'],
    ['a risk below the least one', { mfa_above_risk: 0 }, 'mfa_above_risk', 'FIELD_INVALID'],
    ['a risk above the highest one', { mfa_above_risk: 101 }, 'mfa_above_risk', 'FIELD_INVALID'],
    ['a risk as a text', { mfa_above_risk: '5' }, 'mfa_above_risk', 'FIELD_INVALID'],
    ['part of a risk', { mfa_above_risk: 1.5 }, 'mfa_above_risk', 'FIELD_INVALID'],
    ['a risk or none', { mfa_above_risk: true }, 'mfa_above_risk', 'FIELD_INVALID'],
    ['two risks', { mfa_above_risk: [50, 60] }, 'mfa_above_risk', 'FIELD_INVALID'],
    ['a field of its own', { name: 'Mine' }, 'name', 'FIELD_UNKNOWN'],
    ['the tenant’s status', { status: 'suspended' }, 'status', 'FIELD_UNKNOWN'],
  ])('is not changed with %s', async (_name, json, field, code) => {
    const { access, tenant } = await anOwner();
    const answer = await change(tenant, json, access);
    expectProblem(answer, 422, 'VALIDATION_FAILED');
    expect(answer.body.errors.map((error) => [error.field, error.code])).toEqual([[field, code]]);
    expect((await read(tenant, access)).text).toBe(UNDECIDED);
  });

  describe('that refuses refreshes from another device', () => {
    it('holds from the next refresh on, and keeps the session for the right one', async () => {
      const { access, refresh, tenant } = await anOwner();
      await change(tenant, { refresh_from_new_device: 'refuse' }, access);
      expectProblem(await refreshFrom(SAFARI_ON_IPHONE, refresh), 401, 'REFRESH_TOKEN_INVALID');
      expect((await service.client.get('/auth/me', { token: access })).status).toBe(200);
      expect((await refreshFrom(FIREFOX_ON_WINDOWS, refresh)).status).toBe(200);
    });

    it('says no more to the other device than of any token that is not good', async () => {
      const { access, refresh, tenant } = await anOwner();
      await change(tenant, { refresh_from_new_device: 'refuse' }, access);
      const unknown = await refreshFrom(SAFARI_ON_IPHONE, 'dwrt_unknown');
      expect(masked(await refreshFrom(SAFARI_ON_IPHONE, refresh))).toEqual(masked(unknown));
    });

    it('does not mind a browser that was updated', async () => {
      const { access, refresh, tenant } = await anOwner();
      await change(tenant, { refresh_from_new_device: 'refuse' }, access);
      const updated = FIREFOX_ON_WINDOWS.replaceAll('133.0', '140.0');
      expect((await refreshFrom(updated, refresh)).status).toBe(200);
    });

    it('puts each attempt on record as suspicious, with its risk', async () => {
      const { access, refresh, tenant } = await anOwner();
      await change(tenant, { refresh_from_new_device: 'refuse' }, access);
      await refreshFrom(SAFARI_ON_IPHONE, refresh);
      expect(await risks(tenant)).toEqual([{ outcome: 'failure', risk_score: 70 }]);
      expect(await of('auth.suspicious_activity', tenant)).toMatchObject([{ details: { reason: 'new_device' } }]);
      expect(await of('auth.token_refreshed', tenant)).toMatchObject([
        { outcome: 'failure', details: { reason: 'new_device' } },
      ]);
    });
  });

  describe('that allows refreshes from another device', () => {
    it('puts each of them on record: the known device is the one of sign-in', async () => {
      const { refresh, tenant } = await anOwner();
      const first = await refreshFrom(SAFARI_ON_IPHONE, refresh);
      expect(first.status).toBe(200);
      const second = await refreshFrom(SAFARI_ON_IPHONE, first.body.refresh_token);
      expect(second.status).toBe(200);
      const risk = { outcome: 'success', risk_score: 50 };
      expect(await risks(tenant)).toEqual([risk, risk]);
    });

    it('has nothing to say of a refresh from the same one', async () => {
      const { refresh, tenant } = await anOwner();
      expect((await refreshFrom(FIREFOX_ON_WINDOWS, refresh)).status).toBe(200);
      expect(await risks(tenant)).toEqual([]);
    });
  });
});
