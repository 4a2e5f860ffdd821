import { DataSource } from 'typeorm';
import type { TenantState } from '../../src/modules/tenancy/domain/tenant';
import { type Answer, PASSWORD, type Tokens } from '../support/client';
import { ONE_DATABASE } from '../support/database';
import { aFurtherTenant } from '../support/further-tenant';
import { claimsOf } from '../support/key-holder';
import { expectProblem, masked } from '../support/problems';
import { recorded } from '../support/recorded';
import { aService, type TestService } from '../support/service';

const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };
const PAIR = [
  'access_token',
  'expires_in',
  'refresh_expires_in',
  'refresh_token',
  'scope',
  'session_id',
  'tenant_id',
  'token_type',
];

describe.each(ONE_DATABASE)('a switch to another tenant (%s)', (database) => {
  let service: TestService;
  let mine: Tokens;
  let ann: string;
  let home: string;
  let acme: TenantState;
  let suspended: TenantState;
  let foreign: string;

  beforeAll(async () => {
    service = await aService({ database, variables: { RATE_LIMITS: 'off' } });
    const { access } = await service.client.signedUp('ann@example.com');
    ({ sub: ann = '', tid: home } = claimsOf(access) as { sub?: string; tid: string });
    acme = await aFurtherTenant(service.app, ann, 'viewer', { name: 'Acme', slug: 'acme' });
    suspended = await aFurtherTenant(service.app, ann, 'owner', { slug: 'shut', status: 'suspended' });
    const other = await service.client.signedUp('bob@example.com', { tenant_name: 'Bobs' });
    ({ tid: foreign } = claimsOf(other.access) as { tid: string });
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    mine = await service.client.signedIn('ann@example.com');
  });

  const switchTo = (tenant: string, token = mine.access, headers: Record<string, string> = {}): Promise<Answer> =>
    service.client.post('/auth/switch-tenant', { json: { tenant }, token, headers });
  const lastRecorded = async () => (await recorded(service.app.get(DataSource), 'auth.tenant_switched')).at(-1);
  const me = (token: string): Promise<Answer> => service.client.get('/auth/me', { token });

  it.each([
    ['slug', () => acme.slug],
    ['id', () => acme.id],
    ['id in capitals', () => acme.id.toUpperCase()],
  ])('goes by %s, and answers with the tokens of the same session there', async (_name, tenant) => {
    const answer = await switchTo(tenant());
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body).sort()).toEqual(PAIR);
    expect(answer.body).toMatchObject({ session_id: mine.session, tenant_id: acme.id, token_type: 'bearer' });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(claimsOf(answer.body.access_token)).toMatchObject({ sub: ann, sid: mine.session, tid: acme.id });
  });

  it('gives the rights the user has there, and takes those of here', async () => {
    expect((await me(mine.access)).body).toMatchObject({ tenant: { id: home }, roles: ['owner'] });
    const { body } = await switchTo('acme');
    expect((await me(body.access_token)).body).toMatchObject({
      tenant: { id: acme.id, name: 'Acme', slug: 'acme' },
      roles: ['viewer'],
      permissions: ['dataset:read', 'detector:read', 'experiment:read'],
    });
    expectProblem(
      await service.client.get(`/tenants/${acme.id}/policy`, { token: body.access_token }),
      403,
      'INSUFFICIENT_PERMISSIONS',
    );
    expectProblem(
      await service.client.get(`/tenants/${home}/policy`, { token: body.access_token }),
      403,
      'INSUFFICIENT_PERMISSIONS',
    );
  });

  it('leaves the access token of before speaking for its own tenant', async () => {
    await switchTo('acme');
    expect((await me(mine.access)).body).toMatchObject({ tenant: { id: home }, roles: ['owner'] });
    expectProblem(await service.client.get(`/tenants/${acme.id}/policy`, { token: mine.access }), 404, 'NOT_FOUND');
  });

  it('spends the refresh token of before: within the grace it is answered with the same successor', async () => {
    const { body } = await switchTo('acme');
    const repeated = await service.client.refresh(mine.refresh);
    expect(repeated.body).toMatchObject({ refresh_token: body.refresh_token, tenant_id: acme.id });
    const next = await service.client.refresh(body.refresh_token);
    expect(next.body).toMatchObject({ session_id: mine.session, tenant_id: acme.id });
    expect(next.body.refresh_token).not.toBe(body.refresh_token);
  });

  it('may go back, and to where the session is already', async () => {
    const { body: there } = await switchTo('acme');
    const { body: again } = await switchTo('acme', there.access_token);
    expect(again.tenant_id).toBe(acme.id);
    const { body: back } = await switchTo(home, again.access_token);
    expect((await me(back.access_token)).body).toMatchObject({ tenant: { id: home }, roles: ['owner'] });
  });

  it('finds no tenant that is unknown or not the user’s: one answer, and nothing changes', async () => {
    const tenants = ['bobs', foreign, 'nowhere', '01890a5d-ac96-774b-bcce-b302099a8057', 'ACME', 'acme ', "'--", '*'];
    const answers: Answer[] = [];
    for (const tenant of tenants) answers.push(await switchTo(tenant));
    for (const answer of answers) {
      expectProblem(answer, 404, 'NOT_FOUND');
      expect(masked(answer)).toEqual(masked(answers[0]!));
    }
    expect(await lastRecorded()).toMatchObject({ outcome: 'failure', details: { reason: 'not_a_member' } });
    expect((await service.client.refresh(mine.refresh)).body).toMatchObject({ tenant_id: home });
  });

  it('is refused to a tenant that is suspended, and nothing changes', async () => {
    for (const tenant of [suspended.slug, suspended.id]) {
      expectProblem(await switchTo(tenant), 403, 'TENANT_SUSPENDED');
    }
    expect(await lastRecorded()).toMatchObject({ outcome: 'failure', details: { reason: 'suspended' } });
    expect((await service.client.refresh(mine.refresh)).body).toMatchObject({ tenant_id: home });
  });

  it('is made by signed-in users: not by a key, not by the cookie alone, not by an ended session', async () => {
    const { body } = await service.client.post('/api-keys', {
      json: { name: 'a key', permissions: ['*:*'] },
      token: mine.access,
    });
    const json = { tenant: 'acme' };
    const byKey = await service.client.post('/auth/switch-tenant', {
      json,
      headers: { 'x-api-key': String(body.key) },
    });
    expectProblem(byKey, 403, 'INSUFFICIENT_PERMISSIONS');
    const cookie = { cookie: `dw_refresh=${mine.refresh}`, ...SAME_ORIGIN };
    expectProblem(await service.client.post('/auth/switch-tenant', { json, headers: cookie }), 401, 'TOKEN_MISSING');
    await service.client.post('/auth/logout', { token: mine.access });
    expectProblem(await switchTo('acme'), 401, 'TOKEN_INVALID');
  });

  it.each<[string, unknown, string, string]>([
    ['nothing', {}, 'tenant', 'FIELD_REQUIRED'],
    ['null', { tenant: null }, 'tenant', 'FIELD_REQUIRED'],
    ['an empty text', { tenant: '' }, 'tenant', 'FIELD_REQUIRED'],
    ['no text', { tenant: ['acme'] }, 'tenant', 'FIELD_INVALID'],
    ['a user of one’s choice', { tenant: 'acme', user_id: 'x' }, 'user_id', 'FIELD_UNKNOWN'],
  ])('is not tried with %s', async (_name, json, field, code) => {
    const answer = await service.client.post('/auth/switch-tenant', { json, token: mine.access });
    expectProblem(answer, 422, 'VALIDATION_FAILED');
    expect(answer.body.errors.map((error) => [error.field, error.code])).toEqual([[field, code]]);
  });

  it('is put on record in the tenant it goes to', async () => {
    await switchTo('acme');
    expect(await lastRecorded()).toMatchObject({
      outcome: 'success',
      user_id: ann,
      tenant_id: acme.id,
      details: { from: home },
    });
  });

  describe('of a browser that keeps its refresh token in the cookie', () => {
    const cookieOf = (answer: Answer): string => (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    async function browser(): Promise<{ access: string; cookie: string }> {
      const answer = await service.client.post('/auth/login', {
        json: { username: 'ann@example.com', password: PASSWORD },
        headers: { 'x-token-delivery': 'cookie' },
      });
      return { access: answer.body.access_token, cookie: cookieOf(answer) };
    }

    it('puts the new one into the cookie, and not into the body', async () => {
      const { access, cookie } = await browser();
      const answer = await switchTo('acme', access, { cookie, ...SAME_ORIGIN });
      expect(Object.keys(answer.body).sort()).toEqual(PAIR.filter((field) => field !== 'refresh_token'));
      expect(cookieOf(answer)).toMatch(/^dw_refresh=dwrt_/);
      expect(cookieOf(answer)).not.toBe(cookie);
      const next = await service.client.post('/auth/refresh', {
        headers: { cookie: cookieOf(answer), ...SAME_ORIGIN },
      });
      expect(next.body).toMatchObject({ tenant_id: acme.id });
    });

    it('does so too for who asks for a cookie and sends none', async () => {
      const answer = await switchTo('acme', mine.access, { 'x-token-delivery': 'cookie' });
      expect(answer.body).not.toHaveProperty('refresh_token');
      expect(cookieOf(answer)).toMatch(/^dw_refresh=dwrt_/);
    });

    it('is ambiguous beside the cookie of another session, which stays as it is', async () => {
      const { cookie } = await browser();
      const answer = await switchTo('acme', mine.access, { cookie, ...SAME_ORIGIN });
      expectProblem(answer, 400, 'CREDENTIALS_AMBIGUOUS');
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect((await me(mine.access)).body).toMatchObject({ tenant: { id: home } });
      for (const kept of [cookie, `dw_refresh=${mine.refresh}`]) {
        const next = await service.client.post('/auth/refresh', { headers: { cookie: kept, ...SAME_ORIGIN } });
        expect(next.body).toMatchObject({ tenant_id: home });
      }
    });

    it('is ambiguous beside it whether or not that session is over, and whoever’s it is', async () => {
      const over = await service.client.signedIn('ann@example.com');
      await service.client.post('/auth/logout', { token: over.access });
      const other = await service.client.signedIn('bob@example.com');
      for (const { refresh } of [over, other]) {
        const headers = { cookie: `dw_refresh=${refresh}`, ...SAME_ORIGIN };
        expectProblem(await switchTo('acme', mine.access, headers), 400, 'CREDENTIALS_AMBIGUOUS');
      }
    });

    it('is answered by cookie beside a cookie of its own session that is spent already', async () => {
      const { access, cookie } = await browser();
      await service.client.post('/auth/refresh', { headers: { cookie, ...SAME_ORIGIN } });
      const answer = await switchTo('acme', access, { cookie, ...SAME_ORIGIN });
      expect(answer.body).not.toHaveProperty('refresh_token');
      expect(cookieOf(answer)).toMatch(/^dw_refresh=dwrt_/);
    });

    it.each(['nonsense', 'dwrt_', `dwrt_${'A'.repeat(80)}`, '%00', 'a.b.c', ''])(
      'takes no notice of a cookie that is none of ours: "%s"',
      async (garbage) => {
        const answer = await switchTo('acme', mine.access, { cookie: `dw_refresh=${garbage}`, ...SAME_ORIGIN });
        expect([answer.status, answer.headers.get('set-cookie')]).toEqual([200, null]);
        expect(answer.body).toMatchObject({
          tenant_id: acme.id,
          refresh_token: expect.stringMatching(/^dwrt_/) as string,
        });
      },
    );

    it('is refused to another site', async () => {
      const { access, cookie } = await browser();
      const headers = { cookie, 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
      expectProblem(await switchTo('acme', access, headers), 403, 'CROSS_SITE_REQUEST');
      expect((await me(access)).body).toMatchObject({ tenant: { id: home } });
    });
  });
});
