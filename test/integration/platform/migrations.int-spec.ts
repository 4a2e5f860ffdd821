import type { DataSource } from 'typeorm';
import { migrate, pendingMigrations } from '../../../src/platform/database/migrations';
import { DATABASES } from '../../support/database';
import { anEmptiableDatabase, type EmptiableDatabase } from '../../support/emptiable-database';

describe.each(DATABASES)('migrating (%s)', (kind) => {
  let database: EmptiableDatabase;
  let source: DataSource;

  beforeAll(async () => {
    database = await anEmptiableDatabase(kind);
    [source] = database.connections;
  });
  beforeEach(() => database.empty());
  afterAll(() => database.drop());

  /** The names of all that a schema consists of, but TypeORM's own table. */
  const schema = () =>
    source.query<unknown[]>(
      `SELECT 'relation' AS kind, relname::text AS name FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE 'migrations%' AND relname NOT LIKE 'PK\\_%'
       UNION ALL SELECT 'function', proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
       UNION ALL SELECT 'constraint', conname::text FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace AND conrelid <> 'migrations'::regclass
       ORDER BY 1, 2`,
    );

  it('applies each migration once when five begin at the same time on an empty database', async () => {
    const known = source.migrations.map(({ name }) => name);

    const applied = await Promise.all(database.connections.map(migrate));

    expect(applied.flat()).toEqual(known);
    const kept = await source.query<{ name: string }[]>('SELECT name FROM migrations ORDER BY id');
    expect(kept.map(({ name }) => name)).toEqual(known);
  });

  it('names what is pending, in order, and nothing once it is applied', async () => {
    const pending = await pendingMigrations(source);
    expect(pending).toEqual([...pending].sort((a, b) => a.slice(-13).localeCompare(b.slice(-13))));
    expect(await migrate(source)).toEqual(pending);
    expect(await pendingMigrations(source)).toEqual([]);
    expect(await migrate(source)).toEqual([]);
  });

  it('undoes every migration to an empty schema, and applies them all again to the same one', async () => {
    await migrate(source);
    const whole = await schema();
    expect(whole.length).toBeGreaterThan(20);

    for (const _each of source.migrations) await source.undoLastMigration();

    expect(await schema()).toEqual([]);
    await migrate(source);
    expect(await schema()).toEqual(whole);
  });

  it('leaves the connection it used with the limits it had', async () => {
    const limits = () => source.query(`SELECT current_setting('statement_timeout'), current_setting('lock_timeout')`);
    const before: unknown = await limits();
    await migrate(source);
    expect(await limits()).toEqual(before);
  });
});
