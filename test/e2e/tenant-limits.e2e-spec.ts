import { Installation } from '../../src/boot/installation';
import type { Answer } from '../support/client';
import { command } from '../support/commands';
import { aFurtherTenant } from '../support/further-tenant';
import { claimsOf } from '../support/key-holder';
import { expectProblem, masked } from '../support/problems';
import { cleanUp } from '../support/process';
import { recorded } from '../support/recorded';
import { aService, type TestService } from '../support/service';
import { statementsOf } from '../support/statements';

type Signed = { readonly access: string; readonly tenant: string; readonly user: string };
type Period = Readonly<Record<string, string | number | null>>;

const NONE = {
  max_users: null,
  max_api_keys: null,
  max_roles: null,
  max_requests_per_day: null,
  max_mails_per_day: null,
  max_sms_per_day: null,
};
const NOBODY = '01890a5d-ac96-774b-bcce-b302099a8057';
const HEADING = 'tenant_id,period,requests,sign_ins,active_users,mails,sms,users,api_keys';

afterAll(cleanUp);

describe('the limits and the usage of a tenant', () => {
  let service: TestService;
  let admin: Signed;
  let users = 0;

  beforeAll(async () => {
    service = await aService({ hashesOnce: true });
    const made = await new Installation(service.app).firstAdministrator();
    const { access } = await service.client.signedIn('admin@doorward.localhost', made?.oneTimePassword ?? '');
    admin = signed(access);
  });
  afterAll(() => service.stop());

  const signed = (access: string): Signed => {
    const { tid, sub = '' } = claimsOf(access) as { tid: string; sub?: string };
    return { access, tenant: tid, user: sub };
  };
  const anOwner = async (): Promise<Signed> => {
    users += 1;
    const { access } = await service.client.signedUp(`user-${users}@example.com`, { tenant_name: `Acme ${users}` });
    return signed(access);
  };
  const limits = (tenant: string, { access: token }: Signed): Promise<Answer> =>
    service.client.get(`/tenants/${tenant}/limits`, { token });
  const set = (tenant: string, json: unknown, { access: token }: Signed = admin): Promise<Answer> =>
    service.client.call('PUT', `/tenants/${tenant}/limits`, { json, token });
  const usage = (tenant: string, query: string, { access: token }: Signed, accept?: string): Promise<Answer> =>
    service.client.get(`/tenants/${tenant}/usage${query}`, { token, headers: accept === undefined ? {} : { accept } });
  const me = ({ access: token }: Signed): Promise<Answer> => service.client.get('/auth/me', { token });
  const today = (): string => service.clock.now().toISOString().slice(0, 10);

  describe('limits', () => {
    it('are none until somebody sets them, and what there is stands beside them', async () => {
      const ann = await anOwner();
      const answer = await limits(ann.tenant, ann);
      const used = { users: 1, api_keys: 0, roles: 0, requests_today: 1, mails_today: 0, sms_today: 0 };
      expect([answer.status, answer.body]).toEqual([200, { ...NONE, used }]);
    });

    it('are set by system administrators, all at once: what is left out is not limited any more', async () => {
      const ann = await anOwner();
      const first = await set(ann.tenant, { max_users: 3, max_requests_per_day: 9_000_000_000_000 });
      expect([first.status, first.body]).toMatchObject([
        200,
        { ...NONE, max_users: 3, max_requests_per_day: 9_000_000_000_000 },
      ]);
      expect((await set(ann.tenant, { max_roles: 0, max_users: null })).body).toMatchObject({ ...NONE, max_roles: 0 });
      expect((await limits(ann.tenant, ann)).body).toMatchObject({ ...NONE, max_roles: 0 });
      const events = await recorded(service.source, 'tenant.limits_changed');
      expect(events.filter(({ tenant_id: tenant }) => tenant === ann.tenant)).toMatchObject([
        { user_id: admin.user, details: { fields: ['max_users', 'max_requests_per_day'], after: { max_users: 3 } } },
        {
          details: {
            fields: ['max_users', 'max_roles', 'max_requests_per_day'],
            after: { max_users: null, max_roles: 0 },
          },
        },
      ]);
    });

    it('are set by no owner, who may read them; and that it was tried is on record', async () => {
      const ann = await anOwner();
      expectProblem(await set(ann.tenant, { max_users: 1000 }, ann), 403, 'INSUFFICIENT_PERMISSIONS');
      const denied = (await recorded(service.source, 'access.denied')).filter(({ user_id: by }) => by === ann.user);
      expect(denied).toMatchObject([{ tenant_id: ann.tenant, details: { reason: 'needs_system_administrator' } }]);
      expect((await limits(ann.tenant, ann)).body).toMatchObject(NONE);
    });

    it('are set by no key', async () => {
      const ann = await anOwner();
      const json = { name: 'k', permissions: ['*:*'] };
      const { body } = await service.client.post('/api-keys', { json, token: ann.access });
      const headers = { 'x-api-key': String(body.key) };
      expect((await service.client.get(`/tenants/${ann.tenant}/limits`, { headers })).status).toBe(200);
      const put = await service.client.call('PUT', `/tenants/${ann.tenant}/limits`, { json: {}, headers });
      expectProblem(put, 403, 'INSUFFICIENT_PERMISSIONS');
    });

    it('and usage of another tenant, and of none, are not there: one answer', async () => {
      const [ann, bob] = [await anOwner(), await anOwner()];
      const answers: Answer[] = [];
      for (const id of [bob.tenant, NOBODY, 'acme', '1', "'--"]) {
        answers.push(await limits(id, ann), await set(id, { max_users: 0 }, ann), await usage(id, '', ann));
      }
      for (const answer of answers) {
        expectProblem(answer, 404, 'NOT_FOUND');
        expect(masked(answer)).toEqual(masked(answers[0]!));
      }
      expect((await limits(bob.tenant, bob)).body).toMatchObject(NONE);
      for (const answer of [await limits(NOBODY, admin), await set(NOBODY, {}), await usage(NOBODY, '', admin)]) {
        expectProblem(answer, 404, 'NOT_FOUND');
      }
    });

    it('and usage are read by who may read of the tenant, and by no other member', async () => {
      const ann = await anOwner();
      const { id } = await aFurtherTenant(service.app, ann.user, 'viewer');
      await service.source.query(
        `WITH role AS (INSERT INTO roles (id, tenant_id, name, description, permissions, created_at, updated_at)
           VALUES (gen_random_uuid(), $1, 'nothing', '', '{}', now(), now()) RETURNING id)
         UPDATE membership_roles SET role_id = (SELECT id FROM role) WHERE tenant_id = $1`,
        [id],
      );
      const { body } = await service.client.post('/auth/switch-tenant', { json: { tenant: id }, token: ann.access });
      const there = signed(body.access_token);
      for (const answer of [await limits(id, there), await usage(id, '', there), await set(id, {}, there)]) {
        expectProblem(answer, 403, 'INSUFFICIENT_PERMISSIONS');
      }
    });

    it.each<[string, Record<string, unknown>, string, string]>([
      ['fewer than none', { max_users: -1 }, 'max_users', 'FIELD_INVALID'],
      ['part of one', { max_roles: 1.5 }, 'max_roles', 'FIELD_INVALID'],
      ['a text', { max_api_keys: '5' }, 'max_api_keys', 'FIELD_INVALID'],
      ['more than can be counted', { max_mails_per_day: 2 ** 31 }, 'max_mails_per_day', 'FIELD_INVALID'],
      ['more than numbers go', { max_requests_per_day: 2 ** 53 }, 'max_requests_per_day', 'FIELD_INVALID'],
      ['of something else', { max_cats: 1 }, 'max_cats', 'FIELD_UNKNOWN'],
    ])('are not %s', async (_, json, field, code) => {
      const answer = await set(admin.tenant, json);
      expectProblem(answer, 422, 'VALIDATION_FAILED');
      expect(answer.body.errors.map((error) => [error.field, error.code])).toEqual([[field, code]]);
    });

    it('of users and keys refuse what is one too many', async () => {
      const ann = await anOwner();
      await set(ann.tenant, { max_users: 1, max_api_keys: 0 });
      const user = { email: 'one.more@example.com', password: 'a phrase nobody else has', role: 'viewer' };
      expectProblem(await service.client.post('/users', { json: user, token: ann.access }), 403, 'QUOTA_EXCEEDED');
      const key = { name: 'k', permissions: ['user:read'] };
      expectProblem(await service.client.post('/api-keys', { json: key, token: ann.access }), 403, 'QUOTA_EXCEEDED');
    });

    it('of requests refuse all members and keys until midnight, and nobody the way in or out', async () => {
      const ann = await anOwner();
      const key = await service.client.post('/api-keys', {
        json: { name: 'k', permissions: ['user:read'] },
        token: ann.access,
      });
      const { requests_today: had } = (await limits(ann.tenant, ann)).body.used as { requests_today: number };
      await set(ann.tenant, { max_requests_per_day: had + 2 });
      expect([(await me(ann)).status, (await me(ann)).status]).toEqual([200, 200]);
      const refused = await me(ann);
      expectProblem(refused, 403, 'QUOTA_EXCEEDED');
      const seconds = Number(refused.headers.get('retry-after'));
      const midnight = new Date(service.clock.now().getTime() + seconds * 1000);
      expect(
        Math.abs(midnight.getTime() - Date.parse(`${midnight.toISOString().slice(0, 10)}T00:00:00Z`)),
      ).toBeLessThan(5_000);
      const byKey = await service.client.get('/auth/me', { headers: { 'x-api-key': String(key.body.key) } });
      expectProblem(byKey, 403, 'QUOTA_EXCEEDED');
      expect((await service.client.login(`user-${users}@example.com`)).status).toBe(200);
      expect((await service.client.post('/auth/logout', { token: ann.access })).status).toBe(204);
    });
  });

  it('of requests are not spent by those that are refused: by a session outside its networks, by a member who may not', async () => {
    const ann = await anOwner();
    const from = async (networks: readonly string[]): Promise<void> => {
      await service.source.query('UPDATE tenants SET ip_allowlist = $2 WHERE id = $1', [ann.tenant, networks]);
      service.clock.advance({ seconds: 2 });
    };
    const { requests_today: had } = (await limits(ann.tenant, ann)).body.used as { requests_today: number };
    await set(ann.tenant, { max_requests_per_day: had + 2 });
    await from(['192.0.2.0/24']);
    for (let time = 0; time < 5; time += 1) expectProblem(await me(ann), 403, 'INSUFFICIENT_PERMISSIONS');
    await from([]);
    const forKeysAlone = await service.client.post('/auth/introspect', { form: { token: 'x' }, token: ann.access });
    expectProblem(forKeysAlone, 403, 'INSUFFICIENT_PERMISSIONS');
    expect([(await me(ann)).status, (await me(ann)).status]).toEqual([200, 200]);
    expectProblem(await me(ann), 403, 'QUOTA_EXCEEDED');
  });

  describe('usage', () => {
    const itemsOf = (answer: Answer): readonly Period[] => answer.body.items as readonly Period[];

    it('is what was used today, and nothing of the days before', async () => {
      const ann = await anOwner();
      await me(ann);
      await me(ann);
      const answer = await usage(ann.tenant, '', ann);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        200,
        expect.stringMatching(/^application\/json/),
      ]);
      const { items, ...span } = answer.body;
      expect(span).toMatchObject({ tenant_id: ann.tenant, to: today(), granularity: 'day' });
      expect(items).toHaveLength(30);
      const counted = { requests: 3, sign_ins: 1, active_users: 1, mails: 0, sms: 0, users: 1, api_keys: 0 };
      expect(items.at(-1)).toEqual({ period: today(), ...counted });
      const nothing = { requests: 0, sign_ins: 0, active_users: 0, mails: 0, sms: 0, users: null, api_keys: null };
      for (const item of items.slice(0, -1)) expect(item).toMatchObject(nothing);
    });

    it('is of days or of months, of those that were asked for', async () => {
      const ann = await anOwner();
      await service.source.query(
        `INSERT INTO tenant_usage (tenant_id, day, metric, amount)
         VALUES ($1, '2026-01-31', 'sms', 4), ($1, '2026-02-01', 'sms', 5), ($1, '2026-02-28', 'sms', 6)`,
        [ann.tenant],
      );
      const days = itemsOf(await usage(ann.tenant, '?from=2026-01-31&to=2026-02-01', ann));
      expect(days.map(({ period, sms }) => [period, sms])).toEqual([
        ['2026-01-31', 4],
        ['2026-02-01', 5],
      ]);
      const months = itemsOf(await usage(ann.tenant, '?from=2026-01-01&to=2026-02-27&granularity=month', ann));
      expect(months.map(({ period, sms }) => [period, sms])).toEqual([
        ['2026-01', 4],
        ['2026-02', 5],
      ]);
    });

    it.each<[string, string | undefined]>([
      ['?from=2026-02-27&to=2026-02-28&format=csv', undefined],
      ['?from=2026-02-27&to=2026-02-28', 'text/csv'],
      ['?from=2026-02-27&to=2026-02-28&format=csv', 'application/json'],
    ])('is CSV for whoever asks so: %s %s', async (query, accept) => {
      const ann = await anOwner();
      const answer = await usage(ann.tenant, query, ann, accept);
      expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
        200,
        'text/csv; charset=utf-8; header=present',
        'attachment; filename="usage-2026-02-27-2026-02-28.csv"',
      ]);
      const lines = [HEADING, `${ann.tenant},2026-02-27,0,0,0,0,0,,`, `${ann.tenant},2026-02-28,0,0,0,0,0,,`, ''];
      expect(answer.text).toBe(lines.join('\r\n'));
      expect(answer.headers.get('cache-control')).toContain('no-store');
    });

    it('is JSON for whoever takes both, or asks for it', async () => {
      const ann = await anOwner();
      for (const [query, accept] of [
        ['', 'text/csv, application/json'],
        ['?format=json', 'text/csv'],
        ['', '*/*'],
      ] as const) {
        expect(itemsOf(await usage(ann.tenant, query, ann, accept))).toHaveLength(30);
      }
    });

    it.each<[string, string]>([
      ['?from=2026-02-30', 'from'],
      ['?to=tomorrow', 'to'],
      ['?from=2026-02-02&to=2026-02-01', 'from'],
      ['?from=2020-01-01&to=2026-02-01', 'from'],
      ['?from=0000-01-01&to=0000-01-05', 'to'],
      ['?to=0001-01-10', 'to'],
      ['?granularity=hour', 'granularity'],
      ['?format=xml', 'format'],
    ])('is not of %s', async (query, field) => {
      const answer = await usage(admin.tenant, query, admin);
      expectProblem(answer, 422, 'VALIDATION_FAILED');
      expect(answer.body.errors.map((error) => error.field)).toEqual([field]);
    });

    it('costs a request that is counted no statement of its own', async () => {
      const ann = await anOwner();
      await me(ann);
      const asked = await statementsOf(service.source, async () => {
        for (let time = 0; time < 20; time += 1) expect((await me(ann)).status).toBe(200);
      });
      expect(asked.filter((sql) => /tenant_usage|tenant_limits|tenant_active_users/.test(sql))).toEqual([]);
      expect(asked.filter((sql) => /^\s*(INSERT|UPDATE|DELETE|WITH)/i.test(sql))).toEqual([]);
      const today = itemsOf(await usage(ann.tenant, '', ann)).at(-1);
      expect(today).toMatchObject({ requests: 22 });
    });
  });

  describe('the command line', () => {
    const run = (...words: string[]) => command(['tenants', ...words], { database: service.database });
    const slugOf = async ({ tenant }: Signed): Promise<string> => {
      const sql = 'SELECT slug FROM tenants WHERE id = $1';
      return (await service.source.query<{ slug: string }[]>(sql, [tenant]))[0]!.slug;
    };

    it('sets the limits it is told, leaves the others, and is on record as itself', async () => {
      const ann = await anOwner();
      await set(ann.tenant, { max_users: 7, max_roles: 1 });
      const words = ['--max-users', '3', '--max-roles', 'none', '--max-requests-per-day', '1000'];
      const { code, stdout, stderr } = await run('set-limits', await slugOf(ann), ...words, '--json');
      expect([code, stderr]).toEqual([0, '']);
      expect(JSON.parse(stdout)).toMatchObject({
        ...NONE,
        max_users: 3,
        max_requests_per_day: 1000,
        used: { users: 1 },
      });
      const { code: again, stdout: said } = await run('set-limits', ann.tenant, '--max-api-keys', '0');
      expect([again, said]).toEqual([
        0,
        expect.stringMatching(/^max_users +3$[^]*^max_api_keys +0$[^]*^used_users +1$/m),
      ]);
      const events = await recorded(service.source, 'tenant.limits_changed');
      expect(events.filter(({ tenant_id: tenant, actor }) => tenant === ann.tenant && actor === 'cli')).toHaveLength(2);
    });

    it.each([
      [['set-limits', 'acme']],
      [['set-limits', 'acme', '--max-users', '-1']],
      [['set-limits', 'acme', '--max-users', 'many']],
      [['set-limits', 'acme', '--max-sms-per-day', '2147483648']],
      [['usage', 'acme', '--granularity', 'year']],
      [['usage', 'acme', '--json', '--csv']],
    ])('does not understand %j', async (words) => {
      expect((await run(...words)).code).toBe(2);
    });

    it('shows usage as a table, as JSON and as CSV', async () => {
      const ann = await anOwner();
      await usage(ann.tenant, '', ann);
      const span = ['--from', '2026-02-27', '--to', '2026-02-28'];
      const csv = await run('usage', await slugOf(ann), ...span, '--csv');
      const lines = [HEADING, `${ann.tenant},2026-02-27,0,0,0,0,0,,`, `${ann.tenant},2026-02-28,0,0,0,0,0,,`, ''];
      expect([csv.code, csv.stdout]).toEqual([0, lines.join('\r\n')]);
      const json = await run('usage', ann.tenant, '--json');
      expect((JSON.parse(json.stdout) as { items: Period[] }).items.at(-1)).toMatchObject({ requests: 1, sign_ins: 1 });
      const table = await run('usage', ann.tenant, '--granularity', 'month', '--to', '2026-02-28');
      expect(table.stdout).toMatch(/^PERIOD +REQUESTS +SIGN_INS[^]*^2026-02 +0 +0/m);
      expect((await run('usage', ann.tenant, '--from', '2026-02-30')).code).toBe(2);
      expect((await run('usage', ann.tenant, '--to', '0001-01-10')).code).toBe(2);
      expect((await run('usage', 'nobody-at-all')).code).toBe(1);
    });
  });
});
