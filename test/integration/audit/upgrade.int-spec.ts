import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { migrate } from '../../../src/platform/database/migrations';
import { DATABASES } from '../../support/database';
import { anEmptiableDatabase, type EmptiableDatabase } from '../../support/emptiable-database';

/** The first migration that knows months. */
const SINCE = 1_763_769_612_000;
/** The one that counts days over all tenants. */
const COUNTED_OF_ALL_SINCE = 1_763_769_613_100;
const ADDRESS = '198.51.100.4';

describe.each(DATABASES)('the audit log of the version before (%s)', (kind) => {
  let database: EmptiableDatabase;
  let source: DataSource;

  const rows = (): Promise<Record<string, unknown>[]> =>
    source.query(
      `SELECT sequence, id, occurred_at, tenant_id, user_id, actor, action, outcome, target_type, target_id,
              ip_address, user_agent, request_id, risk_score, details FROM audit_events ORDER BY sequence`,
    );
  /** In the words of that version. */
  const addAsBefore = (instant: string): Promise<unknown> =>
    source.query(
      `INSERT INTO audit_events (id, occurred_at, tenant_id, user_id, actor, action, outcome, target_type, target_id,
                                 ip_address, user_agent, request_id, risk_score, details)
       VALUES ($1, $2, $3, $4, 'user', 'auth.login', 'success', 'session', 'x', $5, 'a browser', 'r', 0, '{"a":[1]}')`,
      [randomUUID(), instant, randomUUID(), randomUUID(), ADDRESS],
    );
  const undoSince = async (since: number): Promise<void> => {
    const later = source.migrations.filter(({ name }) => Number(name?.slice(-13)) >= since);
    for (const _each of later) await source.undoLastMigration();
  };
  const homes = (): Promise<Record<string, unknown>[]> =>
    source.query('SELECT DISTINCT tableoid::regclass::text AS home FROM audit_events ORDER BY 1');

  beforeAll(async () => {
    database = await anEmptiableDatabase(kind);
    [source] = database.connections;
    await database.empty();
    await migrate(source);
    await undoSince(SINCE);
  });
  afterAll(() => database.drop());

  it('is whole after the upgrade, each event in its month, goes on counting, and has a key for each account', async () => {
    for (const instant of ['2025-12-31T23:59:59.999Z', '2026-01-01T00:00:00Z', '2026-03-09T12:00:00.000001Z']) {
      await addAsBefore(instant);
    }
    // A number that was given and rolled back is not given again.
    await source.query("SELECT nextval('audit_events_sequence_seq')");
    const before = await rows();
    const addUser = (name: string): Promise<unknown> =>
      source.query(
        `INSERT INTO users (id, email, email_key, status, system_administrator, password_change_required, security_stamp,
                            created_at, updated_at)
         VALUES (gen_random_uuid(), $1, $1, 'active', false, false, gen_random_uuid(), now(), now())`,
        [`${name}@example.com`],
      );
    await addUser('of-before');
    await migrate(source);
    await addUser('of-later');
    const seeds = 'SELECT length(seed) AS bytes FROM users JOIN audit_person_keys ON user_id = users.id';
    expect(await source.query(seeds)).toEqual([{ bytes: 32 }, { bytes: 32 }]);
    expect(await rows()).toEqual(before);
    expect(await homes()).toEqual([
      { home: 'audit_events_2025_12' },
      { home: 'audit_events_2026_01' },
      { home: 'audit_events_2026_03' },
    ]);
    await addAsBefore('2026-04-01T00:00:00Z');
    expect((await rows()).map(({ sequence }) => sequence)).toEqual(['1', '2', '3', '5']);
  });

  it('takes the events of processes of that version, which go on for a while', async () => {
    const length = (await rows()).length;
    await addAsBefore('2026-04-02T00:00:00Z');
    const added = (await rows()).slice(length);
    expect(added).toMatchObject([{ ip_address: ADDRESS, user_agent: 'a browser', details: { a: [1] } }]);
  });

  it('counts over all tenants what was counted before, and what a process of that version counts later', async () => {
    await undoSince(COUNTED_OF_ALL_SINCE);
    const [one, other] = [randomUUID(), randomUUID()];
    const countAsBefore = (tenants: readonly (string | null)[]): Promise<unknown> =>
      source.query(
        `INSERT INTO audit_daily (day, tenant_id, action, outcome, count)
         SELECT '2026-01-01', tenant, 'auth.login', 'success', 2 FROM unnest($1::uuid[]) AS tenant ORDER BY tenant
         ON CONFLICT (tenant_id, day, action, outcome) DO UPDATE SET count = audit_daily.count + excluded.count`,
        [tenants],
      );
    await countAsBefore([one, null]);
    await migrate(source);
    await countAsBefore([one, other, null]);
    const ofAll = await source.query<unknown[]>('SELECT day::text, action, outcome, count FROM audit_daily_of_all');
    expect(ofAll).toEqual([{ day: '2026-01-01', action: 'auth.login', outcome: 'success', count: '10' }]);
  });

  it('is whole again when the upgrade is undone', async () => {
    const before = await rows();
    await undoSince(SINCE);
    expect(await rows()).toEqual(before);
    await addAsBefore('2026-04-03T00:00:00Z');
    expect((await rows()).at(-1)?.sequence).toBe(String(Number(before.at(-1)?.sequence) + 1));
  });
});
