import type { FactorType } from '../../src/modules/mfa/mfa.facade';
import { MfaFacade } from '../../src/modules/mfa/mfa.facade';
import { type Answer, PASSWORD, type Tokens } from '../support/client';
import { aFurtherTenant } from '../support/further-tenant';
import { claimsOf, KeyHolder } from '../support/key-holder';
import { expectProblem } from '../support/problems';
import { recorded } from '../support/recorded';
import { aService, type TestService } from '../support/service';

type Owner = Tokens & { readonly email: string; readonly user: string; readonly tenant: string; readonly key: string };

const NOTHING = { roles: [], permissions: [], scope: '' };
const INACTIVE = '{"active":false}';

describe('a tenant that demands a second factor', () => {
  const signer = new KeyHolder();
  let service: TestService;
  let owners = 0;

  beforeAll(async () => {
    service = await aService({ variables: signer.variables, hashesOnce: true });
  });
  afterAll(() => service.stop());

  /** Signed in to a tenant of their own, with a key that may do what they may. */
  async function anOwner(): Promise<Owner> {
    owners += 1;
    const email = `owner-${owners}@example.com`;
    const tokens = await service.client.signedUp(email, { tenant_name: 'Acme' });
    const { sub: user = '', tid: tenant } = claimsOf(tokens.access) as { sub?: string; tid: string };
    const made = { name: 'k', permissions: ['*:*'] };
    const { body } = await service.client.post('/api-keys', { json: made, token: tokens.access });
    return { ...tokens, email, user, tenant, key: String(body.key) };
  }
  const decide = ({ access, tenant }: Owner, json: unknown): Promise<Answer> =>
    service.client.patch(`/tenants/${tenant}/policy`, { json, token: access });
  async function aDemandingOwner(): Promise<Owner> {
    const owner = await anOwner();
    expect((await decide(owner, { mfa_required: true })).body).toMatchObject({ mfa_required: true });
    return owner;
  }
  const rename = (token: string): Promise<Answer> =>
    service.client.patch('/users/me', { json: { first_name: 'Olga' }, token });
  const me = (token: string): Promise<Answer> => service.client.get('/auth/me', { token });
  const switchTo = (tenant: string, token: string): Promise<Answer> =>
    service.client.post('/auth/switch-tenant', { json: { tenant }, token });
  const introspect = (token: string, key: string): Promise<Answer> =>
    service.client.post('/auth/introspect', { form: { token }, headers: { 'x-api-key': key } });

  it('confines the very session in which it was decided, at once: to who it is, and what leads on', async () => {
    const { access, tenant, user } = await aDemandingOwner();
    const who = await me(access);
    expect([who.status, who.body.roles, who.body.permissions]).toEqual([200, [], []]);
    const refused = [
      await rename(access),
      await service.client.get('/users/me', { token: access }),
      await service.client.get('/users', { token: access }),
      await service.client.get('/auth/sessions', { token: access }),
      await service.client.get('/auth/audit-logs', { token: access }),
      await service.client.patch(`/tenants/${tenant}/policy`, { json: { mfa_required: false }, token: access }),
      await service.client.call('DELETE', '/users/me', { token: access }),
      await service.client.post('/auth/password/change', {
        json: { current_password: PASSWORD, new_password: 'a wholly new phrase to remember' },
        token: access,
      }),
    ];
    for (const answer of refused) expectProblem(answer, 403, 'MFA_ENROLMENT_REQUIRED');
    const denied = (await recorded(service.source, 'access.denied')).filter(({ user_id: id }) => id === user);
    expect(denied).toHaveLength(refused.length);
    for (const { details } of denied) expect(details).toEqual({ reason: 'mfa_enrolment_required' });
  });

  it('lets nobody take a confined session for more: no token says anything, and introspection that there is none', async () => {
    const { access, refresh, key } = await aDemandingOwner();
    expect([(await introspect(access, key)).text, (await introspect(refresh, key)).text]).toEqual([INACTIVE, INACTIVE]);
    const next = await service.client.refresh(refresh);
    expect(next.body).toMatchObject({ mfa_enrolment_required: true, scope: '' });
    expect(claimsOf(next.body.access_token)).toMatchObject(NOTHING);
    const raised = await service.client.post('/auth/step-up', { json: { password: PASSWORD }, token: access });
    expect(raised.status).toBe(200);
    expect(claimsOf(raised.body.access_token)).toMatchObject(NOTHING);
    expectProblem(await rename(raised.body.access_token), 403, 'MFA_ENROLMENT_REQUIRED');
    expect((await introspect(next.body.access_token, key)).text).toBe(INACTIVE);
  });

  it('lets who signs in get no further, and sign out again', async () => {
    const { email } = await aDemandingOwner();
    const signedIn = await service.client.login(email);
    expect(signedIn.body).toMatchObject({ mfa_enrolment_required: true, scope: '' });
    const token = signedIn.body.access_token;
    expectProblem(await rename(token), 403, 'MFA_ENROLMENT_REQUIRED');
    expect((await service.client.post('/auth/logout', { token })).status).toBe(204);
    expectProblem(await me(token), 401, 'TOKEN_INVALID');
  });

  it('confines a session there alone: elsewhere it is what it was, and on its way back confined again', async () => {
    const { access, user, tenant, key } = await aDemandingOwner();
    const own = await aFurtherTenant(service.app, user, 'owner', { kind: 'personal' });
    const there = await switchTo(own.id, access);
    expect([there.status, there.body.scope, there.body.mfa_enrolment_required]).toEqual([200, 'read write', undefined]);
    expect((await rename(there.body.access_token)).status).toBe(200);
    const back = await switchTo(tenant, there.body.access_token);
    expect(back.body).toMatchObject({ mfa_enrolment_required: true, scope: '' });
    expectProblem(await rename(back.body.access_token), 403, 'MFA_ENROLMENT_REQUIRED');
    expect((await introspect(back.body.access_token, key)).text).toBe(INACTIVE);
  });

  it('asks who has a factor to show it', async () => {
    const { access } = await aDemandingOwner();
    const mfa = service.app.get(MfaFacade);
    const enrolled = (): Promise<readonly FactorType[]> => Promise.resolve(['totp']);
    Object.defineProperty(mfa, 'methodsOf', { value: enrolled, configurable: true });
    try {
      expectProblem(await rename(access), 401, 'MFA_REQUIRED');
      expect((await me(access)).status).toBe(200);
    } finally {
      Reflect.deleteProperty(mfa, 'methodsOf');
    }
  });

  it('leaves keys alone, and so whoever uses one in a program', async () => {
    const { tenant, key } = await aDemandingOwner();
    const headers = { 'x-api-key': key };
    expect((await service.client.get(`/tenants/${tenant}/policy`, { headers })).status).toBe(200);
  });

  it('of holders of a role leaves others free until they are given it', async () => {
    const owner = await anOwner();
    const email = 'analyst@example.com';
    const { status, body } = await service.client.post('/users', {
      json: { email, password: PASSWORD, role: 'analyst' },
      token: owner.access,
    });
    expect(status).toBe(201);
    await decide(owner, { mfa_required_roles: ['owner', 'admin'] });
    expectProblem(await rename(owner.access), 403, 'MFA_ENROLMENT_REQUIRED');
    const { access, refresh } = await service.client.signedIn(email);
    expect((await rename(access)).status).toBe(200);
    await service.source.query(
      `INSERT INTO membership_roles (tenant_id, user_id, role_id, granted_at)
       SELECT $1, $2, id, now() FROM roles WHERE tenant_id IS NULL AND name = 'admin'`,
      [owner.tenant, body.id],
    );
    service.clock.advance({ seconds: 2 }); // for a second the service believes what it knew of a session
    expectProblem(await rename(access), 403, 'MFA_ENROLMENT_REQUIRED');
    expect((await service.client.refresh(refresh)).body).toMatchObject({ mfa_enrolment_required: true });
  });
});
