import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RowScopeGuard } from '../../src/http/row-scope.guard';
import { sessionId } from '../../src/kernel/ids';
import type { Principal } from '../../src/kernel/principal';
import type { DoorwardRequest } from '../../src/platform/http/request';
import type { Answer } from '../support/client';
import { type IsolationCase, ISOLATION_CASES } from '../support/isolation-cases';
import { aFullTenant, type FullTenant, TENANTS_TABLES } from '../support/one-of-everything';
import { aService, type TestService } from '../support/service';

type Operation = { readonly name: string; readonly method: string; readonly path: string; readonly isGuarded: boolean };
type Credential = { readonly kind: 'session' | 'key'; readonly value: string };
type Outcome = { readonly operation: string; readonly way: string; readonly cells: string[] };

const BASE = '/api/v1';

function operations(): readonly Operation[] {
  const text = readFileSync(join(__dirname, '..', '..', 'openapi.json'), 'utf8');
  const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, { security?: unknown[] }>> };
  return Object.entries(paths).flatMap(([whole, methods]) =>
    Object.entries(methods).map(([verb, { security }]) => {
      const [method, path] = [verb.toUpperCase(), whole.replace(BASE, '')];
      return { name: `${method} ${path}`, method, path, isGuarded: security !== undefined };
    }),
  );
}

/** What differs between two refusals of the same kind. */
const masked = ({ status, body }: Answer): unknown => ({ ...body, status, request_id: null, timestamp: null });

describe('whoever names what is another tenant’s', () => {
  const guarded = operations().filter(({ isGuarded }) => isGuarded);
  let service: TestService;
  let theirs: FullTenant;
  let own: { readonly tenant: string; readonly member: string };
  let credentials: readonly Credential[];
  const outcomes: Outcome[] = [];

  beforeAll(async () => {
    service = await aService({ hashesOnce: true });
    const { client, source } = service;
    theirs = await aFullTenant(source, 'theirs');
    await client.register('owner@ours.example.com', { tenant_name: 'Ours' });
    const { body } = await client.login('owner@ours.example.com');
    const token = body.access_token;
    const { body: me } = await client.get('/auth/me', { token });
    own = { tenant: body.tenant_id, member: String(me.id) };
    const key = await client.post('/api-keys', { token, json: { name: 'all', permissions: ['*:*'] } });
    credentials = [
      { kind: 'session', value: token },
      { kind: 'key', value: String(key.body.key) },
    ];
  });

  afterAll(async () => {
    await service.stop();
    const rows = outcomes.map(({ operation, way, cells }) =>
      [operation.padEnd(44), way.padEnd(6), ...cells].join('  '),
    );
    const head = `${'operation'.padEnd(44)}  way     session  key    database alone`;
    // eslint-disable-next-line no-console -- the matrix is what one runs this for
    console.log(
      [
        `${String(new Set(outcomes.map(({ operation }) => operation)).size)} operations, ${String(rows.length)} ways`,
        head,
        ...rows,
      ].join('\n'),
    );
  });

  /** All that the other tenant has, as text. */
  const kept = async (): Promise<string> => {
    const parts: string[] = [];
    for (const table of Object.keys(TENANTS_TABLES)) {
      const column = table === 'tenants' ? 'id' : 'tenant_id';
      // That somebody read is added to what the tenant has, by whoever reads in its name.
      const but = table === 'audit_events' ? `AND action NOT IN ('audit.read', 'audit.exported')` : '';
      const rows = await service.source.query<{ r: unknown }[]>(
        `SELECT to_jsonb(t) AS r FROM ${table} t WHERE ${column} = $1 ${but} ORDER BY to_jsonb(t)::text`,
        [theirs.tenantId],
      );
      parts.push(`${table} ${JSON.stringify(rows)}`);
    }
    const users = await service.source.query<unknown[]>('SELECT to_jsonb(u) FROM users u WHERE id = $1', [
      theirs.userId,
    ]);
    return [...parts, JSON.stringify(users)].join('\n');
  };

  const ask = (
    operation: Operation,
    one: IsolationCase,
    whose: 'theirs' | 'nobodys',
    by: Credential,
  ): Promise<Answer> => {
    const named = Object.fromEntries(
      Object.entries(one.names).map(([name, pair]) => [name, pair[whose](theirs)] as const),
    );
    const inPath = { ...one.path?.(own), ...(one.way === 'path' ? named : {}) };
    const path = operation.path.replace(/\{(\w+)\}/g, (_all, name: string) => inPath[name] ?? 'missing');
    const query = one.way === 'query' ? `?${new URLSearchParams(named).toString()}` : '';
    const fields = Object.entries(one.way === 'body' ? named : {}).map(([name, value]) =>
      name.endsWith('[]') ? [name.slice(0, -2), [value]] : [name, value],
    );
    const hasBody = one.way === 'body' || one.json !== undefined || one.own !== undefined;
    const json = hasBody ? { ...one.json, ...one.own?.(own), ...(Object.fromEntries(fields) as object) } : undefined;
    return service.client.call(operation.method, path + query, { token: by.value, ...(json && { json }) });
  };

  const names = ({ text }: Answer): boolean => Object.values(theirs.rows).some((id) => text.includes(id));

  it('has a case for every operation, and none for an operation there is not', () => {
    const expected = guarded.map(({ name }) => name).sort();
    expect(Object.keys(ISOLATION_CASES).sort()).toEqual(expected);
    const silent = guarded.filter(({ name, path }) => path.includes('{') && typeof ISOLATION_CASES[name] === 'string');
    expect(silent).toEqual([]);
  });

  const cases = guarded.flatMap((operation) => {
    const listed = ISOLATION_CASES[operation.name];
    return typeof listed === 'object' ? listed.map((one) => ({ operation, one })) : [];
  });
  const titled = cases.map(({ operation, one }) => ({
    title: `${operation.name}, by ${one.way} (${Object.keys(one.names).join(', ')})`,
    operation,
    one,
  }));

  it.each(titled)('is answered as if it were nobody’s: $title', async ({ operation, one }) => {
    const before = await kept();
    const cells: string[] = [];
    for (const credential of credentials) {
      const answer = await ask(operation, one, 'theirs', credential);
      const other = await ask(operation, one, 'nobodys', credential);
      if (one.way === 'query') expect(names(answer)).toBe(false);
      else expect(masked(answer)).toEqual(masked(other));
      if (one.way === 'path' && credential.kind === 'session') expect(answer.status).toBe(404);
      expect([200, 404, 422, 403]).toContain(answer.status);
      cells.push(String(answer.status).padEnd(7));
    }
    expect(await kept()).toBe(before);
    outcomes.push({ operation: operation.name, way: one.way, cells });
  });

  /**
   * The application is made to believe that the caller is who owns what they name: every check of tenant, owner and right it
   * makes passes. Whose rows are seen was settled before, by the credential.
   */
  const believed = (): Principal => ({
    kind: 'user',
    userId: theirs.userId,
    tenantId: theirs.tenantId,
    sessionId: sessionId(theirs.rows.sessions),
    apiKeyId: null,
    networks: [],
    authenticatedAt: service.clock.now(),
    roles: ['owner'],
    permissions: ['*:*'],
    systemAdministrator: false,
    assurance: 'aal1',
    confined: false,
  });

  const withoutApplicationChecks = async <T>(work: () => Promise<T>): Promise<T> => {
    const prototype: Pick<RowScopeGuard, 'canActivate'> = RowScopeGuard.prototype;
    const settle = Reflect.get<typeof prototype, 'canActivate'>(prototype, 'canActivate');
    const fooled = jest.spyOn(RowScopeGuard.prototype, 'canActivate').mockImplementation(function (
      this: RowScopeGuard,
      execution,
    ) {
      const settled = settle.call(this, execution);
      execution.switchToHttp().getRequest<DoorwardRequest>().user = believed();
      return settled;
    });
    try {
      return await work();
    } finally {
      fooled.mockRestore();
    }
  };

  const forTheDatabase = titled.filter(({ one }) => one.notTheDatabases === undefined);

  it.each(forTheDatabase)('is kept out by the database alone: $title', async ({ operation, one }) => {
    const before = await kept();
    const [session] = credentials;
    if (!session) throw new Error('Nobody is signed in');
    const answer = await withoutApplicationChecks(() => ask(operation, one, 'theirs', session));
    expect(await kept()).toBe(before);
    // A file is empty text where a list has no items.
    if (answer.status < 300) expect('items' in answer.body ? answer.body.items : answer.text).toHaveLength(0);
    else expect([401, 403, 404, 409, 422]).toContain(answer.status);
    expect(names(answer)).toBe(false);
    outcomes
      .find(({ operation: name, way }) => name === operation.name && way === one.way)
      ?.cells.push(String(answer.status));
  });

  it('would see and change all of it if the database did not keep it: the check can fail', async () => {
    const [session] = credentials;
    if (!session) throw new Error('Nobody is signed in');
    await service.source.query('ALTER TABLE memberships DISABLE ROW LEVEL SECURITY');
    const answer = await withoutApplicationChecks(() =>
      service.client.get(`/users/${theirs.userId}`, { token: session.value }),
    );
    await service.source.query('ALTER TABLE memberships ENABLE ROW LEVEL SECURITY');
    expect([answer.status, answer.body.id]).toEqual([200, theirs.userId]);
  });
});
