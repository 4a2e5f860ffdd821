import type { DataSource } from 'typeorm';
import { TrustedDevices } from '../../../src/modules/mfa/application/trusted-devices/trusted-devices.port';
import { TenantQueries } from '../../../src/modules/tenancy/application/tenants/tenant-queries';
import { Tenants } from '../../../src/modules/tenancy/application/tenants.port';
import { Database } from '../../../src/platform/database/database';
import { ALL_TENANTS, NOTHING, type RowScope, RowScopes } from '../../../src/platform/database/row-scope';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { aFullTenant, type FullTenant, TENANTS_TABLES, type TenantsTable } from '../../support/one-of-everything';

const TABLES = Object.keys(TENANTS_TABLES) as TenantsTable[];
/** They name a tenant and are not its own: nothing is read of them by tenant, and a message has none. */
const NAME_A_TENANT_IN_PASSING: readonly string[] = [];
/** They name no tenant, and are for those who see all. */
const OF_ALL_TENANTS = ['audit_daily_of_all'];
/** What is of the audit log is never changed. */
const ONLY_ADDED_TO = ['audit_events', 'audit_seals', 'audit_archives', 'audit_keys', 'audit_secrets'];
const REFUSED = /row-level security|permission denied/;

type Counts = Readonly<Record<string, number>>;

async function counted(tables: readonly string[], ask: (sql: string) => Promise<{ n: number }[]>): Promise<Counts> {
  const counts: Record<string, number> = {};
  for (const table of tables) counts[table] = (await ask(`SELECT count(*)::int AS n FROM ${table}`))[0]?.n ?? -1;
  return counts;
}

const all = (n: number): Counts => Object.fromEntries(TABLES.map((table) => [table, n]));

describe.each(DATABASES)('row-level security (%s)', (kind) => {
  let context: TestContext;
  let source: DataSource;
  let database: Database;
  let scopes: RowScopes;
  let ours: FullTenant;
  let theirs: FullTenant;

  const within = <T>(scope: RowScope, work: () => Promise<T>): Promise<T> =>
    scopes.run(scope, () => database.run(work));
  const scopeOf = ({ tenantId: tenant, userId: user }: FullTenant): RowScope => ({ kind: 'tenant', tenant, user });
  const seen = (): Promise<Counts> => counted(TABLES, (sql) => database.reader.query(sql));
  const asService = (sql: string): Promise<unknown> =>
    source.transaction(async (manager) => {
      await manager.query('SET LOCAL ROLE doorward_service');
      return manager.query<unknown>(sql);
    });

  beforeAll(async () => {
    context = await aContext({ database: kind });
    source = context.source;
    database = context.app.get(Database);
    scopes = context.app.get(RowScopes);
    await source.query('TRUNCATE registered_resources');
    ours = await aFullTenant(source, 'ours');
    theirs = await aFullTenant(source, 'theirs');
  });

  afterAll(() => context.stop());

  it('is enabled and forced on every table that names a tenant', async () => {
    const naming = await source.query<{ name: string }[]>(
      `SELECT table_name AS name FROM information_schema.columns
       WHERE table_schema = current_schema() AND column_name = 'tenant_id'
         AND table_name IN (SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition) ORDER BY 1`,
    );
    const held = await source.query<{ name: string }[]>(
      `SELECT relname AS name FROM pg_class
       WHERE relrowsecurity AND relforcerowsecurity AND NOT relispartition ORDER BY 1`,
    );
    const named = naming.map(({ name }) => name).filter((name) => !NAME_A_TENANT_IN_PASSING.includes(name));
    expect(held.map(({ name }) => name)).toEqual([...named, 'tenants', ...OF_ALL_TENANTS].sort());
    expect([...TABLES].sort()).toEqual([...named, 'tenants'].sort());
  });

  it('lets the service see no row of any of them when nobody said which tenant it is about', async () => {
    const rows = await source.transaction(async (manager) => {
      await manager.query('SET LOCAL ROLE doorward_service');
      return counted(TABLES, (sql) => manager.query(sql));
    });
    // Built-in roles are everybody's.
    expect(rows).toEqual({ ...all(0), roles: 5 });
    expect(await within(NOTHING, seen)).toEqual({ ...all(0), roles: 5 });
    expect(await scopes.run(NOTHING, seen)).toEqual({ ...all(0), roles: 5 });
  });

  it('lets a unit of work, and a read outside one, see the rows of its tenant alone', async () => {
    const one = { ...all(1), roles: 6 };
    expect(await within(scopeOf(ours), seen)).toEqual(one);
    expect(await scopes.run(scopeOf(theirs), seen)).toEqual(one);
    for (const [table, column] of Object.entries(TENANTS_TABLES) as [TenantsTable, string][]) {
      const mine = (): Promise<Record<string, string>[]> =>
        database.reader.query(`SELECT ${column} FROM ${table} WHERE ${column}::text = ANY ($1)`, [
          [ours.rows[table], theirs.rows[table]],
        ]);
      expect([table, await within(scopeOf(ours), mine)]).toEqual([table, [{ [column]: ours.rows[table] }]]);
    }
  });

  it('shows what adds up over all tenants to those alone who see all', async () => {
    const sums = (): Promise<Counts> => counted(OF_ALL_TENANTS, (sql) => database.reader.query(sql));
    const rows = [await within(NOTHING, sums), await within(scopeOf(ours), sums), await within(ALL_TENANTS, sums)];
    expect(rows).toEqual([{ audit_daily_of_all: 0 }, { audit_daily_of_all: 0 }, { audit_daily_of_all: 1 }]);
  });

  it('shows a user their own sessions, devices and events wherever they are, and nobody else’s', async () => {
    const guest: RowScope = { kind: 'tenant', tenant: ours.tenantId, user: theirs.userId };
    expect(await within(guest, seen)).toEqual({
      ...all(1),
      roles: 6,
      sessions: 2,
      trusted_devices: 2,
      audit_events: 2,
    });
  });

  it('changes, removes and adds nothing of another tenant', async () => {
    for (const [table, column] of Object.entries(TENANTS_TABLES) as [TenantsTable, string][]) {
      if (table === 'audit_events' || table === 'audit_daily') continue;
      const where = `WHERE ${column}::text = '${theirs.rows[table]}'`;
      const tenant = table === 'tenants' ? 'id' : 'tenant_id';
      const ask = (sql: string): Promise<unknown> => database.writer.query<unknown>(sql);
      const changed = await within<unknown[]>(scopeOf(ours), async () => [
        await ask(`UPDATE ${table} SET ${tenant} = ${tenant} ${where} RETURNING 1`),
        await ask(`DELETE FROM ${table} ${where} RETURNING 1`),
        await ask(`SELECT 1 FROM ${table} ${where} FOR UPDATE`),
      ]);
      expect([table, changed]).toEqual([table, [[[], 0], [[], 0], []]]);
    }
    const moved = (table: string): Promise<unknown> =>
      within(scopeOf(ours), () =>
        database.writer.query(`UPDATE ${table} SET tenant_id = $1 WHERE tenant_id = $2`, [
          theirs.tenantId,
          ours.tenantId,
        ]),
      );
    for (const table of ['roles', 'api_keys', 'invitations', 'registered_resources', 'tenant_usage']) {
      await expect(moved(table)).rejects.toThrow(REFUSED);
    }
    const taken = within(scopeOf(ours), () =>
      database.writer.query('UPDATE roles SET tenant_id = $1 WHERE tenant_id IS NULL RETURNING id', [ours.tenantId]),
    );
    expect(await taken).toEqual([[], 0]);
  });

  it('is what the stores of tenants and devices go by, whichever tenant they are asked about', async () => {
    const [tenants, lists, devices] = [Tenants, TenantQueries, TrustedDevices].map((port) =>
      context.app.get<unknown>(port),
    ) as [Tenants, TenantQueries, TrustedDevices];
    const { tenantId, userId } = theirs;
    await source.query(`UPDATE tenants SET kind = 'personal', status = 'deleted', purge_after = now() WHERE id = $1`, [
      tenantId,
    ]);
    const kept = (): Promise<unknown> =>
      source.query(
        `SELECT t.name, t.slug, t.kind, (SELECT count(*)::int FROM invitations WHERE tenant_id = t.id) AS invitations,
                (SELECT count(*)::int FROM trusted_devices WHERE tenant_id = t.id) AS devices
         FROM tenants t WHERE id = $1`,
        [tenantId],
      );
    const before = await kept();
    const at = new Date();
    const answers = await within<unknown[]>(scopeOf(ours), async () => [
      await tenants.isDeleted(tenantId),
      await tenants.makeShared(tenantId, 'Taken', 'taken', at),
      (await lists.list({ search: null, status: null }, { limit: 10, cursor: null })).items.map(({ id }) => id),
      await devices.removeOldest(tenantId, userId, 0),
    ]);
    await within(scopeOf(ours), async () => {
      await devices.removeAllIn(tenantId, userId);
      await tenants.endInvitations(tenantId);
      await tenants.remove(tenantId);
    });
    expect(answers).toEqual([false, false, [ours.tenantId], []]);
    expect(await kept()).toEqual(before);
    await source.query(
      `UPDATE tenants SET kind = 'organization', status = 'active', purge_after = NULL WHERE id = $1`,
      [tenantId],
    );
  });

  it('ends with the transaction, whether that commits or not', async () => {
    await within(scopeOf(ours), seen);
    await expect(within(scopeOf(ours), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const [left] = await source.query<object[]>(
      `SELECT coalesce(current_setting('doorward.tenant_id', true), '') AS tenant, current_user = session_user AS own`,
    );
    expect(left).toEqual({ tenant: '', own: true });
  });

  it('is widened for one statement that says so, and is as narrow as before behind it', async () => {
    const tenants = (): Promise<unknown> =>
      database.reader.query(`SELECT slug FROM tenants WHERE slug LIKE '%ours' ORDER BY 1`);
    const wide = (): Promise<unknown[]> => database.acrossTenants.reader.query('SELECT 1 FROM tenants');
    const [before, everywhere, after] = await within(scopeOf(ours), async () => [
      await tenants(),
      await wide(),
      await tenants(),
    ]);
    expect([before, after]).toEqual([[{ slug: 'ours' }], [{ slug: 'ours' }]]);
    expect(everywhere).toHaveLength(2);
    expect(await scopes.run(scopeOf(ours), wide)).toHaveLength(2);
    expect(await within(ALL_TENANTS, seen)).toMatchObject({ tenants: 2, sessions: 2 });
  });

  it('is as narrow as before behind work over all tenants that failed, where the unit of work goes on', async () => {
    const slugs = (): Promise<unknown> =>
      database.reader.query(`SELECT slug FROM tenants WHERE slug IN ('ours', 'theirs')`);
    const [during, behind] = await within(scopeOf(ours), async () => {
      let seenThen: unknown;
      const failing = database.overAllTenants(async () => {
        seenThen = await slugs();
        throw new Error('refused');
      });
      await expect(failing).rejects.toThrow('refused');
      return [seenThen, await slugs()];
    });
    expect(during).toHaveLength(2);
    expect(behind).toEqual([{ slug: 'ours' }]);
    const broken = within(scopeOf(ours), () => database.overAllTenants(() => database.writer.query('SELECT nothing')));
    await expect(broken).rejects.toThrow('column "nothing" does not exist');
  });

  it('is held by a role that owns nothing, may not change the schema, and does not get around it', async () => {
    const [role] = await source.query<object[]>(
      `SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin,
              EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid) AS owns
       FROM pg_roles r WHERE rolname = 'doorward_service'`,
    );
    const none = { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false };
    expect(role).toEqual({ ...none, rolcanlogin: false, owns: false });
    for (const statement of [
      'CREATE TABLE mine (id int)',
      'ALTER TABLE users ADD COLUMN more text',
      'DROP TABLE users',
      'TRUNCATE users',
      'ALTER TABLE tenants DISABLE ROW LEVEL SECURITY',
      'DROP POLICY tenants_in_scope ON tenants',
      `UPDATE audit_events SET action = 'a.b'`,
      'DELETE FROM audit_events',
      'TRUNCATE audit_events',
      `INSERT INTO migrations (timestamp, name) VALUES (1, 'x')`,
    ]) {
      expect([statement, await asService(statement).catch((error: unknown) => error)]).toEqual([
        statement,
        expect.objectContaining({ message: expect.stringMatching(/permission denied|must be owner/) as unknown }),
      ]);
    }
  });

  it('lets the service read and write every table, those of later migrations too', async () => {
    const lacking = await source.query<object[]>(
      `SELECT relname FROM pg_class t
       WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace AND relname <> 'migrations'
         AND NOT relispartition AND relname <> ALL ($3)
         AND NOT (has_table_privilege('doorward_service', t.oid, 'SELECT')
                  AND has_table_privilege('doorward_service', t.oid, 'INSERT')
                  AND (has_table_privilege('doorward_service', t.oid, 'UPDATE') OR relname = ANY ($1))
                  AND (has_table_privilege('doorward_service', t.oid, 'DELETE') OR relname = ANY ($2)))`,
      [ONLY_ADDED_TO, [...ONLY_ADDED_TO, 'audit_person_keys', 'audit_daily'], OF_ALL_TENANTS],
    );
    expect(lacking).toEqual([]);
    await source.query('CREATE TABLE later_table (id int)');
    const [may] = await source.query<object[]>(
      `SELECT has_table_privilege('doorward_service', 'later_table', 'INSERT') AS may`,
    );
    await source.query('DROP TABLE later_table');
    expect(may).toEqual({ may: true });
  });

  it('takes no scope that is no id', async () => {
    const forged = { kind: 'tenant', tenant: `x'; RESET ROLE; --`, user: ours.userId } as unknown as RowScope;
    await expect(within(forged, seen)).rejects.toThrow('no UUID');
  });
});
