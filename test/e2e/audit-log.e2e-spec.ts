import { randomUUID } from 'node:crypto';
import { get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { AuditQueries } from '../../src/modules/audit/application/audit-queries';
import { Database } from '../../src/platform/database/database';
import { ONE_DATABASE } from '../support/database';
import { expectProblem } from '../support/problems';
import { recorded } from '../support/recorded';
import { sabotage } from '../support/sabotage';
import { aService, type TestService } from '../support/service';

type Item = Readonly<Record<string, unknown>>;

describe.each(ONE_DATABASE)('the audit log over HTTP (%s)', (database) => {
  let service: TestService;
  let [ann, bob, root, key]: string[] = [];
  let [acme, beta]: string[] = [];
  let weakKey: Readonly<Record<string, string>>;

  beforeAll(async () => {
    service = await aService({ database, hashesOnce: true });
    const { client, source } = service;
    const tokenOf = async (name: string, more = {}): Promise<string> =>
      (await client.signedUp(`${name}@example.com`, more)).access;
    [ann, bob, root] = [
      await tokenOf('ann', { tenant_name: 'Acme' }),
      await tokenOf('bob', { tenant_name: 'Beta' }),
      await tokenOf('root'),
    ];
    await source.query(`UPDATE users SET system_administrator = true WHERE email = 'root@example.com'`);
    root = (await client.signedIn('root@example.com')).access;
    const tenantOf = async (token: string): Promise<string> =>
      ((await client.get('/auth/me', { token })).body as unknown as { tenant: { id: string } }).tenant.id;
    [acme, beta] = [await tenantOf(ann), await tenantOf(bob)];
    const made = await client.post('/api-keys', { token: ann, json: { name: 'siem', permissions: ['audit:read'] } });
    key = String(made.body.key);
    const weak = await client.post('/api-keys', { token: ann, json: { name: 'weak', permissions: ['detector:read'] } });
    weakKey = { 'x-api-key': String(weak.body.key) };
    await client.get('/audit-logs', { headers: weakKey });
  });
  afterAll(() => service.stop());

  const read = async (path: string, token = ann): Promise<readonly Item[]> => {
    const answer = await service.client.get(path, { token: token ?? '' });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    return answer.body.items;
  };
  const reads = () => recorded(service.source, 'audit.read');
  const ndjson = (text: string): Item[] =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Item);

  it.each(['/audit-logs', '/auth/audit-logs/all'])(
    '%s shows a tenant its own, and system administrators all',
    async (path) => {
      const whose = (items: readonly Item[]): unknown[] => [...new Set(items.map(({ tenant_id: tenant }) => tenant))];
      expect(whose(await read(`${path}?limit=100`))).toEqual([acme]);
      expect(whose(await read(`${path}?limit=100`, bob))).toEqual([beta]);
      expect(whose(await read(`${path}?limit=100`, root))).toEqual(expect.arrayContaining([acme, beta, null]));
      const byKey = await service.client.get(`${path}?limit=100`, { headers: { 'x-api-key': key ?? '' } });
      expect([byKey.status, whose(byKey.body.items)]).toEqual([200, [acme]]);
    },
  );

  it('shows events with who acted and by which key', async () => {
    const [item] = await read('/audit-logs?action=api_key.created');
    expect(item).toEqual({
      ...{ id: expect.any(String) as string, sequence: expect.any(Number) as number },
      ...{ occurred_at: expect.stringMatching(/Z$/) as string, tenant_id: acme, user_id: expect.any(String) as string },
      ...{ actor: 'user', actor_id: item?.user_id, api_key_id: null, action: 'api_key.created', outcome: 'success' },
      target: { type: 'api_key', id: expect.stringMatching(/^ak_/) as string },
      ...{ ip_address: '127.0.0.1', user_agent: 'node', request_id: expect.any(String) as string, risk_score: 0 },
      details: expect.any(Object) as object,
    });
  });

  it('is narrowed by every filter there is', async () => {
    const all = await read('/audit-logs?limit=100');
    const failed = all.find(({ outcome }) => outcome === 'failure');
    const count = async (query: string): Promise<number> => (await read(`/audit-logs?limit=100&${query}`)).length;
    expect(await read(`/audit-logs?request_id=${String(failed?.request_id)}`)).toEqual([failed]);
    expect(await count('action=tenant.created')).toBe(1);
    expect(await count('outcome=failure')).toBe(1);
    expect(await count(`user_id=${randomUUID()}`)).toBe(0);
    expect(await count(`user_id=${String(failed?.user_id)}`)).toBeGreaterThan(3);
    expect(await count('ip_address=203.0.113.9')).toBe(0);
    expect(await count('ip_address=::ffff:127.0.0.1')).toBeGreaterThan(3);
    expect(await count('to=2020-01-01T00:00:00Z')).toBe(0);
    expect(await count('from=2999-01-01T00:00:00Z')).toBe(0);
    expect(await count('min_risk=100')).toBe(0);
  });

  it.each([
    'cursor=0',
    'cursor=x',
    'cursor=-1',
    `cursor=${'9'.repeat(19)}`,
    'limit=101',
    'action=login',
    'outcome=maybe',
    'ip_address=1.2.3',
    'user_id=ann',
    'min_risk=101',
    'from=yesterday',
    'request_id=%20',
    'format=xml',
    'nonsense=1',
  ])('refuses ?%s', async (query) => {
    expectProblem(await service.client.get(`/audit-logs?${query}`, { token: ann ?? '' }), 422, 'VALIDATION_FAILED');
    const answer = await service.client.get(`/audit-logs/export?${query}`, { token: ann ?? '' });
    expectProblem(answer, 422, 'VALIDATION_FAILED');
  });

  it.each(['/audit-logs', '/auth/audit-logs/all', '/audit-logs/export', '/audit-logs/summary'])(
    '%s is nobody’s without the right',
    async (path) => {
      const before = await reads();
      const answer = await service.client.get(path, { headers: weakKey });
      expectProblem(answer, 403, 'INSUFFICIENT_PERMISSIONS');
      expectProblem(await service.client.get(path), 401, 'TOKEN_MISSING');
      expect(await reads()).toEqual(before);
    },
  );

  it('leaves an event of each read: what was looked for by name, never whom or where from', async () => {
    const before = (await reads()).length;
    await read('/audit-logs?action=auth.login&outcome=failure&ip_address=203.0.113.9&limit=5');
    await read('/audit-logs', root);
    await read('/auth/audit-logs');
    const [filtered, plain, ...more] = (await reads()).slice(before);
    expect(filtered).toMatchObject({
      ...{ tenant_id: acme, actor: 'user', outcome: 'success' },
      details: { filters: ['action', 'outcome', 'ip_address'], action: 'auth.login', outcome: 'failure' },
    });
    expect(plain?.details).toEqual({ filters: [], action: null, outcome: null });
    expect(more).toEqual([]);
  });

  it('shows nothing where it cannot be recorded that it was read', async () => {
    const end = await sabotage(service.source, 'audit_events', 'INSERT');
    try {
      for (const path of ['/audit-logs', '/audit-logs/export']) {
        expectProblem(await service.client.get(path, { token: ann ?? '' }), 503, 'DEPENDENCY_UNAVAILABLE');
      }
    } finally {
      await end();
    }
    expect((await read('/audit-logs')).length).toBeGreaterThan(0);
  });

  it('is counted by days', async () => {
    const { body } = await service.client.get('/audit-logs/summary', { token: ann ?? '' });
    const today = service.clock.now().toISOString().slice(0, 10);
    expect(body).toMatchObject({ from: expect.any(String) as string, to: today });
    expect(body.items).toContainEqual({ day: today, action: 'auth.login', outcome: 'success', count: 1 });
    expect(body.items).toContainEqual({ day: today, action: 'tenant.created', outcome: 'success', count: 1 });
    const { body: all } = await service.client.get('/audit-logs/summary', { token: root ?? '' });
    expect(all.items).not.toContainEqual({ day: today, action: 'tenant.created', outcome: 'success', count: 1 });
    const wrong = await service.client.get('/audit-logs/summary?from=2026-02-30', { token: ann ?? '' });
    expectProblem(wrong, 422, 'VALIDATION_FAILED');
  });

  describe('as a file', () => {
    const MANY = 6_000;
    const FORMULAS = ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'];

    beforeAll(async () => {
      const insert = `INSERT INTO audit_events (id, occurred_at, tenant_id, actor, action, outcome, user_agent, risk_score, details)
                      SELECT gen_random_uuid(), now() - interval '1 day' + n * interval '1 second', $1, 'anonymous', 'auth.login',
                             'failure', $2, 0, '{"reason": "a, \\"b\\""}' FROM generate_series(1, $3) AS n`;
      await service.source.query(insert, [beta, 'x'.repeat(400), MANY]);
      for (const agent of FORMULAS) await service.source.query(insert, [acme, agent, 1]);
      await service.source.query(insert, [acme, 'two\r\nlines, "quoted"', 1]);
    });

    it('holds in NDJSON what is listed, oldest first, and what it takes to verify it', async () => {
      const listed = [...(await read('/audit-logs?limit=100'))].reverse();
      const answer = await service.client.get('/audit-logs/export', { token: ann ?? '' });
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'application/x-ndjson',
        'content-disposition': 'attachment; filename="audit-log.ndjson"',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'transfer-encoding': 'chunked',
      });
      expect(answer.headers.has('content-length')).toBe(false);
      const lines = ndjson(answer.text);
      const shown = lines.map(({ personal_digest: _digest, personal_salt: _salt, ...event }) => event);
      // The read of the list is in it too.
      expect(shown.slice(0, -1)).toEqual(listed);
      const boxed = lines.filter(({ ip_address: address, user_id: user }) => address !== null && user !== null);
      expect(boxed.length).toBeGreaterThan(3);
      expect(
        boxed.every(({ personal_digest, personal_salt }) => personal_digest !== null && personal_salt !== null),
      ).toBe(true);
      const [event] = (await recorded(service.source, 'audit.exported')).slice(-1);
      expect(event).toMatchObject({ tenant_id: acme, actor: 'user', details: { format: 'ndjson', filters: [] } });
    });

    it('holds in CSV no formula, and every value as RFC 4180 has it', async () => {
      const answer = await service.client.get('/audit-logs/export?format=csv&outcome=failure&action=auth.login', {
        token: ann ?? '',
      });
      expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
      expect(answer.headers.get('content-disposition')).toBe('attachment; filename="audit-log.csv"');
      const [head = '', ...rest] = answer.text.split('\r\n');
      expect(head).toMatch(/^sequence,id,occurred_at,.*,user_agent,.*,details$/);
      expect(rest.at(-1)).toBe('');
      for (const agent of FORMULAS) {
        const quoted = agent.includes('\r') ? `"'${agent}"` : `'${agent}`;
        expect(answer.text).toContain(`,${quoted},`);
      }
      expect(answer.text).toContain(',"two\r\nlines, ""quoted""",');
      expect(answer.text).toContain(',"{""reason"":""a, \\""b\\""""}"\r\n');
      expect(answer.text).not.toMatch(/(?:^|,)[=+@\t]/m);
    });

    /** The answer as it comes, which nobody reads yet. */
    const opened = async (token: string): Promise<IncomingMessage> => {
      const request = get(`${service.url}/api/v1/audit-logs/export?format=ndjson`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      return response;
    };
    const readings = () => jest.spyOn(Database.prototype, 'reader', 'get');

    it('comes whole', async () => {
      const { text } = await service.client.get('/audit-logs/export?format=ndjson&action=auth.login&outcome=failure', {
        token: bob ?? '',
      });
      const sequences = ndjson(text).map(({ sequence }) => Number(sequence));
      expect(sequences).toHaveLength(MANY);
      expect(new Set(sequences).size).toBe(MANY);
    });

    it('is read no faster than it is taken, and not at all once nobody takes it', async () => {
      const runs = jest.spyOn(service.app.get(AuditQueries), 'run');
      // By the time one is taken whole, another that goes on though nobody takes it is at its end too.
      const taken = () => service.client.get('/audit-logs/export?outcome=failure', { token: bob ?? '' });
      await taken();
      const whole = runs.mock.calls.length;
      expect(whole).toBeGreaterThanOrEqual(MANY / 500);
      const response = await opened(bob ?? '');
      await taken();
      const untaken = runs.mock.calls.length - 2 * whole;
      response.destroy();
      await once(response, 'close');
      await taken();
      const givenUp = runs.mock.calls.length - 3 * whole;
      runs.mockRestore();
      expect(untaken).toBeLessThan(whole);
      expect(givenUp - untaken).toBeLessThanOrEqual(1);
    });

    it('breaks off where it cannot be read to its end', async () => {
      const response = await opened(bob ?? '');
      await once(response, 'readable');
      const away = readings().mockImplementation(() => {
        throw new Error('Connection terminated');
      });
      let taken = 0;
      const end = await new Promise<string>((resolve) => {
        response.on('data', (chunk: Buffer) => (taken += chunk.length));
        response.once('end', () => {
          resolve('whole');
        });
        response.once('error', () => {
          resolve('broken');
        });
      });
      away.mockRestore();
      expect([end, response.complete]).toEqual(['broken', false]);
      expect(taken).toBeGreaterThan(0);
    });
  });
});
