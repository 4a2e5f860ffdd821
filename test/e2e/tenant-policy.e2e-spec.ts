import { DataSource } from 'typeorm';
import { Installation } from '../../src/boot/installation';
import { FIREFOX_ON_WINDOWS, SAFARI_ON_IPHONE } from '../support/a-device';
import { type Answer, PASSWORD } from '../support/client';
import { ONE_DATABASE } from '../support/database';
import { aFurtherTenant } from '../support/further-tenant';
import { claimsOf, KeyHolder } from '../support/key-holder';
import { expectProblem, masked } from '../support/problems';
import { recorded } from '../support/recorded';
import { aService, type TestService } from '../support/service';

type Signed = { readonly access: string; readonly refresh: string; readonly tenant: string; readonly user: string };

const UNDECIDED = {
  refresh_from_new_device: 'allow',
  mfa_required: false,
  mfa_required_roles: [],
  mfa_above_risk: null,
  password_history: 0,
  mail_name: null,
  mail_sender: null,
  allowed_email_domains: [],
  session_max_days: null,
  ip_allowlist: [],
  api_key_max_days: null,
  auto_join_providers: [],
  auto_join_role: null,
};

const NETWORKS = ['127.0.0.0/8', '::1', '2001:db8:1::/48'];

const MANY = Array.from({ length: 51 }, (_, nth) => `role-${nth}`);

const MANY_NETWORKS = Array.from({ length: 101 }, (_, nth) => `127.0.0.${nth}`);

describe.each(ONE_DATABASE)('the policy of a tenant (%s)', (database) => {
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
    expect([answer.status, answer.body]).toEqual([200, UNDECIDED]);
  });

  it('is what it was last changed to, and what is left out stays', async () => {
    const { access, tenant } = await anOwner();
    const changed = await change(tenant, { refresh_from_new_device: 'refuse' }, access);
    expect([changed.status, changed.body]).toEqual([200, { ...UNDECIDED, refresh_from_new_device: 'refuse' }]);
    expect((await change(tenant, {}, access)).text).toBe(changed.text);
    expect((await read(tenant, access)).text).toBe(changed.text);
  });

  it('asks for a second factor from any risk on that somebody names, and from none again', async () => {
    const { access, tenant } = await anOwner();
    for (const risk of [1, 100, 50]) {
      const changed = await change(tenant, { mfa_above_risk: risk }, access);
      expect([changed.status, changed.body]).toEqual([200, { ...UNDECIDED, mfa_above_risk: risk }]);
    }
    const both = { ...UNDECIDED, refresh_from_new_device: 'refuse', mfa_above_risk: 50 };
    expect((await change(tenant, { refresh_from_new_device: 'refuse' }, access)).body).toEqual(both);
    expect((await read(tenant, access)).body).toEqual(both);
    const none = { ...UNDECIDED, refresh_from_new_device: 'refuse' };
    expect((await change(tenant, { mfa_above_risk: null }, access)).body).toEqual(none);
    expect((await read(tenant, access)).body).toEqual(none);
  });

  it.each<[string, Record<string, unknown>]>([
    ['no former password to come back', { password_history: 1 }],
    ['no more of them than there are in two years of months', { password_history: 24 }],
    ['a name for mails', { mail_name: 'Müller & Söhne, 日本' }],
    ['a name for mails that is as long as it may be', { mail_name: '🦊'.repeat(59) + 'x' }],
    ['domains of its own', { allowed_email_domains: ['acme.example', 'xn--mller-kva.example'] }],
    ['networks, its own among them', { ip_allowlist: NETWORKS }],
    ['how long sessions and keys go on', { session_max_days: 1, api_key_max_days: 1 }],
    ['the longest they may go on', { session_max_days: 365, api_key_max_days: 3650 }],
  ])('decides on %s, and takes it back', async (_, decided) => {
    const { access, tenant } = await anOwner();
    expect((await change(tenant, decided, access)).body).toEqual({ ...UNDECIDED, ...decided });
    expect((await read(tenant, access)).body).toEqual({ ...UNDECIDED, ...decided });
    const nothing = { password_history: 0, mail_name: null, allowed_email_domains: [], ip_allowlist: [] };
    const noDays = { session_max_days: null, api_key_max_days: null };
    expect((await change(tenant, { ...nothing, ...noDays }, access)).body).toEqual(UNDECIDED);
  });

  it('keeps domains in their one spelling, each once', async () => {
    const { access, tenant } = await anOwner();
    const said = ['Acme.Example', 'MÜLLER.example', 'acme.example', 'xn--mller-kva.example'];
    const kept = { allowed_email_domains: ['acme.example', 'xn--mller-kva.example'] };
    expect((await change(tenant, { allowed_email_domains: said }, access)).body).toEqual({ ...UNDECIDED, ...kept });
    expect((await read(tenant, access)).body).toEqual({ ...UNDECIDED, ...kept });
    expect(await of('tenant.updated', tenant)).toMatchObject([{ details: { fields: ['allowed_email_domains'] } }]);
  });

  it('demands a second factor of holders of any roles there are, and of none again', async () => {
    const { access, tenant, user } = await anOwner();
    await service.source.query(
      `INSERT INTO roles (id, tenant_id, name, description, permissions, created_at, updated_at)
       VALUES (gen_random_uuid(), $1, 'our-own', '', '{}', now(), now())`,
      [tenant],
    );
    const roles = { mfa_required_roles: ['viewer', 'our-own'] };
    const changed = await change(tenant, roles, access);
    expect([changed.status, changed.body]).toEqual([200, { ...UNDECIDED, ...roles }]);
    expect((await read(tenant, access)).body).toEqual({ ...UNDECIDED, ...roles });
    expect((await change(tenant, { mfa_required_roles: ['our-own', 'viewer'] }, access)).body).toEqual(changed.body);
    expect((await change(tenant, { mfa_required_roles: [] }, access)).body).toEqual(UNDECIDED);
    const record = { action: 'tenant.updated', outcome: 'success', actor: 'user', user_id: user, tenant_id: tenant };
    const [none, some] = [{ mfa_required_roles: [] }, roles];
    const fields = ['mfa_required_roles'];
    expect(await of('tenant.updated', tenant)).toEqual([
      { ...record, details: { fields, before: none, after: some } },
      { ...record, details: { fields, before: some, after: none } },
    ]);
    const other = await anOwner();
    expectProblem(await change(other.tenant, roles, other.access), 422, 'VALIDATION_FAILED');
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
    const refusing = { refresh_from_new_device: 'refuse' };
    const free = { refresh_from_new_device: 'allow' };
    const told = [
      { fields: ['refresh_from_new_device'], before: free, after: refusing },
      { fields: ['mfa_above_risk'], before: { mfa_above_risk: null }, after: { mfa_above_risk: 50 } },
      {
        fields: ['refresh_from_new_device', 'mfa_above_risk'],
        before: { ...refusing, mfa_above_risk: 50 },
        after: { ...free, mfa_above_risk: null },
      },
    ];
    expect(await of('tenant.updated', tenant)).toEqual(told.map((details) => ({ ...record, details })));
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
    expect((await read(tenant, access)).body).toEqual(UNDECIDED);
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
    expect((await read(other.tenant, other.access)).body).toEqual(UNDECIDED);
  });

  it('of any tenant is within reach of a system administrator', async () => {
    const { tenant } = await anOwner();
    const admin = await new Installation(service.app).firstAdministrator();
    const { access } = await service.client.signedIn('admin@doorward.localhost', admin?.oneTimePassword ?? '');
    expect((await read(tenant, access)).status).toBe(200);
    expect((await change(tenant, { refresh_from_new_device: 'refuse' }, access)).status).toBe(200);
    expectProblem(await read('01890a5d-ac96-774b-bcce-b302099a8057', access), 404, 'NOT_FOUND');
  });

  it('names an address that mails come from only where a system administrator said so', async () => {
    const [owner, admin] = [await anOwner(), await anOwner()];
    const sender = { mail_sender: 'no-reply@acme.example' };
    await service.source.query('UPDATE users SET system_administrator = true WHERE id = $1', [admin.user]);
    service.clock.advance({ seconds: 2 }); // for a second the service believes what it knew of a session
    expect((await change(owner.tenant, sender, admin.access)).body).toEqual({ ...UNDECIDED, ...sender });
    const refused = await change(owner.tenant, { mail_name: 'Acme', mail_sender: 'a@bank.example' }, owner.access);
    expectProblem(refused, 403, 'INSUFFICIENT_PERMISSIONS');
    expectProblem(await change(owner.tenant, { mail_sender: null }, owner.access), 403, 'INSUFFICIENT_PERMISSIONS');
    expect((await read(owner.tenant, owner.access)).body).toEqual({ ...UNDECIDED, ...sender });
    const asItIs = { ...sender, mail_name: 'Acme' };
    expect((await change(owner.tenant, asItIs, owner.access)).body).toEqual({ ...UNDECIDED, ...asItIs });
    expect(await of('tenant.updated', owner.tenant)).toMatchObject([
      { outcome: 'success', user_id: admin.user, details: { fields: ['mail_sender'], before: {}, after: {} } },
      { outcome: 'success', user_id: owner.user, details: { fields: ['mail_name'] } },
    ]);
    const refusal = { outcome: 'failure', user_id: owner.user, details: { reason: 'needs_system_administrator' } };
    expect(await of('access.denied', owner.tenant)).toMatchObject([refusal, refusal]);
  });

  it('makes people members as they come only where a system administrator said so, as often as its domains grow', async () => {
    const [owner, admin] = [await anOwner(), await anOwner()];
    await service.source.query('UPDATE users SET system_administrator = true WHERE id = $1', [admin.user]);
    service.clock.advance({ seconds: 2 });
    const joining = { auto_join_providers: ['google', 'keycloak'], auto_join_role: 'analyst' };
    const domains = (...names: string[]) => ({ allowed_email_domains: names });
    const decided = { ...domains('acme.example', 'acme.test'), ...joining };
    expectProblem(await change(owner.tenant, joining, owner.access), 403, 'INSUFFICIENT_PERMISSIONS');
    expect((await change(owner.tenant, decided, admin.access)).body).toEqual({ ...UNDECIDED, ...decided });
    for (const wish of [
      { auto_join_role: 'admin' },
      { auto_join_providers: [] },
      domains('acme.test', 'bank.example'),
    ]) {
      expectProblem(await change(owner.tenant, wish, owner.access), 403, 'INSUFFICIENT_PERMISSIONS');
    }
    const fewer = { ...decided, ...domains('acme.test') };
    expect((await change(owner.tenant, fewer, owner.access)).body).toEqual({ ...UNDECIDED, ...fewer });
    expect((await read(owner.tenant, owner.access)).body).toEqual({ ...UNDECIDED, ...fewer });
    const before = { allowed_email_domains: [], auto_join_providers: [], auto_join_role: null };
    expect(await of('tenant.updated', owner.tenant)).toMatchObject([
      { user_id: admin.user, details: { fields: Object.keys(before), before, after: decided } },
      { user_id: owner.user, details: { fields: ['allowed_email_domains'] } },
    ]);
    expect(await of('access.denied', owner.tenant)).toHaveLength(4);
  });

  describe('is not changed', () => {
    let owner: Signed;
    beforeAll(async () => {
      owner = await anOwner();
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
      ['a demand for all that is neither yes nor no', { mfa_required: 'true' }, 'mfa_required', 'FIELD_INVALID'],
      ['one role that is no list', { mfa_required_roles: 'owner' }, 'mfa_required_roles', 'FIELD_INVALID'],
      ['a role twice', { mfa_required_roles: ['owner', 'owner'] }, 'mfa_required_roles', 'FIELD_INVALID'],
      ['a role that is no text', { mfa_required_roles: [1] }, 'mfa_required_roles', 'FIELD_INVALID'],
      ['what no role is called', { mfa_required_roles: ['Owner'] }, 'mfa_required_roles', 'FIELD_INVALID'],
      ['a role there is not', { mfa_required_roles: ['owner', 'chief'] }, 'mfa_required_roles', 'FIELD_INVALID'],
      ['more roles than anybody has', { mfa_required_roles: MANY }, 'mfa_required_roles', 'FIELD_INVALID'],
      ['fewer than no former passwords', { password_history: -1 }, 'password_history', 'FIELD_INVALID'],
      ['more former passwords than anybody keeps', { password_history: 25 }, 'password_history', 'FIELD_INVALID'],
      ['former passwords as a text', { password_history: '5' }, 'password_history', 'FIELD_INVALID'],
      ['a name without anything in it', { mail_name: '' }, 'mail_name', 'FIELD_INVALID'],
      ['a name of blanks', { mail_name: '  ' }, 'mail_name', 'FIELD_INVALID'],
      ['a name of two lines', { mail_name: 'Acme\nBcc: a@b.example' }, 'mail_name', 'FIELD_INVALID'],
      ['a name of two lines, by a separator of Unicode', { mail_name: 'Acme\u2028Ltd' }, 'mail_name', 'FIELD_INVALID'],
      ['a name that turns letters around', { mail_name: 'Acme \u202eknab' }, 'mail_name', 'FIELD_INVALID'],
      ['a name that ends its quotes', { mail_name: 'Acme" x' }, 'mail_name', 'FIELD_INVALID'],
      ['a name that holds an address', { mail_name: 'Acme <a' }, 'mail_name', 'FIELD_INVALID'],
      ['a name that looks like an address', { mail_name: 'a@bank.example' }, 'mail_name', 'FIELD_INVALID'],
      ['a name that is longer than it looks', { mail_name: 'a' + '\ufe0f'.repeat(60) }, 'mail_name', 'FIELD_INVALID'],
      ['a sender that is no address', { mail_sender: 'acme' }, 'mail_sender', 'EMAIL_INVALID'],
      ['a sender with a name', { mail_sender: 'Acme <a@acme.example>' }, 'mail_sender', 'EMAIL_INVALID'],
      ['a sender in quotes', { mail_sender: '"a"@acme.example' }, 'mail_sender', 'FIELD_INVALID'],
      ['two senders', { mail_sender: 'a@acme.example,b@acme.example' }, 'mail_sender', 'EMAIL_INVALID'],
      ['no answer to whether it demands a factor', { mfa_required: null }, 'mfa_required', 'FIELD_REQUIRED'],
      ['no roles that are no list', { mfa_required_roles: null }, 'mfa_required_roles', 'FIELD_REQUIRED'],
      ['no word for devices', { refresh_from_new_device: null }, 'refresh_from_new_device', 'FIELD_REQUIRED'],
      ['no number of passwords', { password_history: null }, 'password_history', 'FIELD_REQUIRED'],
      ['no domains that are no list', { allowed_email_domains: null }, 'allowed_email_domains', 'FIELD_REQUIRED'],
      [
        'one domain that is no list',
        { allowed_email_domains: 'acme.example' },
        'allowed_email_domains',
        'FIELD_INVALID',
      ],
      [
        'a domain that is an address',
        { allowed_email_domains: ['@a.example'] },
        'allowed_email_domains',
        'FIELD_INVALID',
      ],
      ['all domains below one', { allowed_email_domains: ['*.a.example'] }, 'allowed_email_domains', 'FIELD_INVALID'],
      ['a domain that is a number', { allowed_email_domains: [1] }, 'allowed_email_domains', 'FIELD_INVALID'],
      ['domains without end', { allowed_email_domains: MANY.concat(MANY) }, 'allowed_email_domains', 'FIELD_INVALID'],
      ['no networks that are no list', { ip_allowlist: null }, 'ip_allowlist', 'FIELD_REQUIRED'],
      ['a network without its size', { ip_allowlist: ['127.0.0.0/'] }, 'ip_allowlist', 'FIELD_INVALID'],
      ['a network that is too small', { ip_allowlist: ['127.0.0.1/33'] }, 'ip_allowlist', 'FIELD_INVALID'],
      ['half an address', { ip_allowlist: ['127.0.0'] }, 'ip_allowlist', 'FIELD_INVALID'],
      ['a name for a network', { ip_allowlist: ['localhost'] }, 'ip_allowlist', 'FIELD_INVALID'],
      ['a network of one network card', { ip_allowlist: ['fe80::1%eth0'] }, 'ip_allowlist', 'FIELD_INVALID'],
      ['a network twice', { ip_allowlist: ['::1', '::1'] }, 'ip_allowlist', 'FIELD_INVALID'],
      ['networks without end', { ip_allowlist: MANY_NETWORKS }, 'ip_allowlist', 'FIELD_INVALID'],
      ['networks it is in none of', { ip_allowlist: ['192.0.2.0/24'] }, 'ip_allowlist', 'OWN_ADDRESS_EXCLUDED'],
      ['sessions of no day', { session_max_days: 0 }, 'session_max_days', 'FIELD_INVALID'],
      ['sessions of more than a year', { session_max_days: 366 }, 'session_max_days', 'FIELD_INVALID'],
      ['sessions of part of a day', { session_max_days: 0.5 }, 'session_max_days', 'FIELD_INVALID'],
      ['keys of no day', { api_key_max_days: 0 }, 'api_key_max_days', 'FIELD_INVALID'],
      ['keys of more than ten years', { api_key_max_days: 3651 }, 'api_key_max_days', 'FIELD_INVALID'],
      ['no providers that are no list', { auto_join_providers: null }, 'auto_join_providers', 'FIELD_REQUIRED'],
      ['what no provider is called', { auto_join_providers: ['Google'] }, 'auto_join_providers', 'FIELD_INVALID'],
      ['a provider twice', { auto_join_providers: ['google', 'google'] }, 'auto_join_providers', 'FIELD_INVALID'],
      ['providers without end', { auto_join_providers: MANY }, 'auto_join_providers', 'FIELD_INVALID'],
      ['a role for those who join that there is not', { auto_join_role: 'chief' }, 'auto_join_role', 'FIELD_INVALID'],
      ['owners who make themselves', { auto_join_role: 'owner' }, 'auto_join_role', 'FIELD_INVALID'],
      ['a field of its own', { name: 'Mine' }, 'name', 'FIELD_UNKNOWN'],
      ['the tenant’s status', { status: 'suspended' }, 'status', 'FIELD_UNKNOWN'],
    ])('with %s', async (_name, json, field, code) => {
      const { access, tenant } = owner;
      const answer = await change(tenant, json, access);
      expectProblem(answer, 422, 'VALIDATION_FAILED');
      expect(answer.body.errors.map((error) => [error.field, error.code])).toEqual([[field, code]]);
      expect((await read(tenant, access)).body).toEqual(UNDECIDED);
    });
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
