import { command } from '../support/commands';
import { aDatabase, type TestDatabase } from '../support/database';
import { cleanUp, rows } from '../support/process';

type Tenant = { readonly id: string; readonly slug: string; readonly status: string };
type Listed = { readonly items: readonly Tenant[]; readonly next_cursor: string | null };

afterAll(cleanUp);

describe('the commands for tenants and system administrators', () => {
  let database: TestDatabase;
  let acme: Tenant;

  const run = (...words: string[]) => command(words, { database });
  /** What a command printed, which succeeded and printed JSON and nothing else. */
  async function json<T>(...words: string[]): Promise<T> {
    const { code, stdout, stderr } = await run(...words, '--json');
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as T;
  }

  beforeAll(async () => {
    database = await aDatabase();
    await json('seed');
    await json('users', 'create', 'ann@example.com', '--username', 'ann');
    acme = await json<Tenant>('tenants', 'create', 'Acme Ltd', '--owner', 'ann', '--slug', 'acme');
  });

  it('open a tenant, and show it by slug or id', async () => {
    expect(acme).toMatchObject({ name: 'Acme Ltd', slug: 'acme', kind: 'organization', status: 'active' });
    expect(await json('tenants', 'show', 'acme')).toEqual(acme);
    expect(await json('tenants', 'show', acme.id)).toEqual(acme);
    expect((await run('tenants', 'show', 'acme')).stdout).toMatch(/^slug +acme$/m);
  });

  it('list tenants page by page, by a part of the name and by status', async () => {
    const first = await json<Listed>('tenants', 'list', '--limit', '1');
    expect(first.items).toHaveLength(1);
    const rest = await json<Listed>('tenants', 'list', '--cursor', first.next_cursor!);
    expect([...first.items, ...rest.items].map(({ id }) => id)).toContain(acme.id);
    expect((await json<Listed>('tenants', 'list', '--search', 'ACME')).items).toEqual([acme]);
    expect((await json<Listed>('tenants', 'list', '--status', 'deleted')).items).toEqual([]);
    expect((await run('tenants', 'list')).stdout).toMatch(/^ID +SLUG +NAME +KIND +STATUS\n/);
  });

  it('suspend a tenant and bring it back, and their actor is cli', async () => {
    const suspended = await json<Tenant>('tenants', 'suspend', 'acme', '--reason', 'unpaid', '--yes');
    expect(suspended.status).toBe('suspended');
    expect((await json<Tenant>('tenants', 'reactivate', acme.id)).status).toBe('active');
    const sql = `SELECT action, actor, user_id FROM audit_events WHERE target_id = '${acme.id}' AND action <> 'tenant.created' ORDER BY sequence`;
    expect(await rows(database, sql)).toEqual([
      { action: 'tenant.suspended', actor: 'cli', user_id: null },
      { action: 'tenant.reactivated', actor: 'cli', user_id: null },
    ]);
  });

  it('make users system administrators, and keep the last one', async () => {
    expect(await json('users', 'grant-system-admin', 'ann', '--yes')).toMatchObject({ system_administrator: true });
    expect(await json('users', 'show', 'ann')).toMatchObject({ system_administrator: true });
    const last = await run('users', 'revoke-system-admin', 'ann', '--yes');
    expect([last.code, last.stdout]).toEqual([1, '']);
    expect(last.stderr).toContain('last system administrator');
    await json('users', 'create', 'bob@example.com');
    await json('users', 'grant-system-admin', 'bob@example.com', '--yes');
    await json('users', 'revoke-system-admin', 'ann', '--yes');
    expect(await json('users', 'show', 'ann')).toMatchObject({ system_administrator: false });
    const sql = `SELECT action, actor FROM audit_events WHERE action LIKE 'user.system%' ORDER BY sequence`;
    expect(await rows(database, sql)).toEqual([
      { action: 'user.system_administrator_granted', actor: 'cli' },
      { action: 'user.system_administrator_granted', actor: 'cli' },
      { action: 'user.system_administrator_revoked', actor: 'cli' },
    ]);
  });

  it.each([
    [1, 'tenants', 'show', 'nowhere'],
    [1, 'tenants', 'suspend', 'nowhere', '--yes'],
    [1, 'tenants', 'create', 'X', '--owner', 'nobody'],
    [1, 'tenants', 'create', 'X', '--owner', 'ann', '--slug', 'acme'],
    [1, 'users', 'grant-system-admin', 'nobody', '--yes'],
    [2, 'tenants', 'create', 'X', '--owner', 'ann', '--slug', 'admin'],
    [2, 'tenants', 'create', 'X', '--owner', 'ann', '--slug', 'Not One'],
    [2, 'tenants', 'create', ' ', '--owner', 'ann'],
    [2, 'tenants', 'create', 'X'],
    [2, 'tenants', 'list', '--status', 'gone'],
    [2, 'tenants', 'suspend', 'acme'],
    [2, 'users', 'grant-system-admin', 'ann'],
    [2, 'tenants'],
  ])('end with %i: %s %s', async (code, ...words) => {
    expect((await run(...words.map(String))).code).toBe(code);
  });
});
