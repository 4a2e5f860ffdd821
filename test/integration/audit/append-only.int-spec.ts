import { randomUUID } from 'node:crypto';
import { AuditTrail } from '../../../src/modules/audit/application/audit-trail.port';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { anEvent } from '../../support/an-event';
import { ASKERS, type Asker, attempted, KEPT_TABLES, monthsOf, putEvent, putSealed } from '../../support/audit-tables';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { tableOf } from '../../support/dump';
import { recorded } from '../../support/recorded';

const REFUSED = /permission denied|must be owner|only ever added|not supported with row-level security/;
const FAR = ['0001-01-01T00:00:00Z', '1969-07-20T20:17:40Z', '9999-12-31T23:59:59.999Z'];

/** What changes or removes rows, whoever asks. */
const CHANGES = [
  "UPDATE audit_events SET outcome = 'failure'",
  'UPDATE audit_events SET details = details',
  'DELETE FROM audit_events',
  'TRUNCATE audit_events',
  'TRUNCATE audit_events CASCADE',
  "UPDATE audit_events_other SET outcome = 'failure'",
  'DELETE FROM audit_events_other',
  'TRUNCATE audit_events_other',
  'UPDATE MONTH SET risk_score = 99',
  'DELETE FROM ONLY MONTH',
  'TRUNCATE MONTH',
  `WITH gone AS (DELETE FROM audit_events RETURNING *) SELECT count(*) FROM gone`,
  `INSERT INTO audit_events SELECT * FROM audit_events`,
  `MERGE INTO audit_events e USING (SELECT 1) one ON true WHEN MATCHED THEN UPDATE SET risk_score = 99`,
  'MERGE INTO audit_events e USING (SELECT 1) one ON true WHEN MATCHED THEN DELETE',
  `INSERT INTO audit_events (id, occurred_at, actor, action, outcome, risk_score, details)
   SELECT id, occurred_at, actor, action, outcome, risk_score, details FROM audit_events
   ON CONFLICT (id, occurred_at) DO UPDATE SET risk_score = 99`,
  "UPDATE audit_seals SET events = 1, signature = ''",
  'DELETE FROM audit_seals',
  'TRUNCATE audit_seals',
  `MERGE INTO audit_seals s USING (SELECT 1) one ON true WHEN MATCHED THEN DELETE`,
  `INSERT INTO audit_seals SELECT * FROM audit_seals ON CONFLICT (number) DO UPDATE SET signature = ''`,
  'UPDATE audit_archives SET through_seal = 9',
  'DELETE FROM audit_archives',
  'TRUNCATE audit_archives',
  `INSERT INTO audit_archives SELECT * FROM audit_archives ON CONFLICT (month) DO UPDATE SET through_seal = 9`,
  "UPDATE audit_keys SET public_key = ''",
  "UPDATE audit_keys SET id = 'another'",
  'DELETE FROM audit_keys',
  'TRUNCATE audit_keys CASCADE',
  `INSERT INTO audit_keys SELECT * FROM audit_keys ON CONFLICT (id) DO UPDATE SET public_key = ''`,
  "UPDATE audit_secrets SET id = 'another'",
  'DELETE FROM audit_secrets',
  'TRUNCATE audit_secrets',
  "UPDATE audit_person_keys SET seed = ''",
  'UPDATE audit_person_keys SET user_id = gen_random_uuid(), seed = NULL, destroyed_at = now()',
  "UPDATE audit_person_keys SET created_at = 'infinity', seed = NULL, destroyed_at = now()",
  'DELETE FROM audit_person_keys',
  'TRUNCATE audit_person_keys',
];

/** What only who owns a table may do, and what is a way around the rest. */
const FOR_OTHERS_THAN_THE_SERVICE = [
  'SELECT * FROM MONTH',
  'SELECT * FROM audit_events_other',
  'SELECT * FROM audit_events FOR UPDATE',
  'INSERT INTO MONTH (id) SELECT id FROM audit_events LIMIT 1',
  'INSERT INTO audit_events_other (id) SELECT id FROM audit_events LIMIT 1',
  'COPY MONTH FROM STDIN',
  'COPY audit_events FROM STDIN',
  'COPY MONTH TO STDOUT',
  'ALTER TABLE audit_events DETACH PARTITION MONTH',
  'DROP TABLE MONTH',
  'DROP TABLE audit_events',
  'ALTER TABLE audit_events DISABLE TRIGGER audit_events_append_only',
  'ALTER TABLE MONTH DISABLE TRIGGER ALL',
  'ALTER TABLE audit_events NO FORCE ROW LEVEL SECURITY',
  'ALTER TABLE audit_events DISABLE ROW LEVEL SECURITY',
  'ALTER TABLE audit_events ALTER COLUMN mac DROP DEFAULT',
  "CREATE TABLE audit_events_2100_01 PARTITION OF audit_events FOR VALUES FROM ('2100-01-01') TO ('2100-02-01')",
  'CREATE POLICY mine ON audit_events USING (true)',
  'CREATE TRIGGER mine BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION audit_events_are_append_only()',
  'CREATE RULE mine AS ON INSERT TO audit_events DO INSTEAD NOTHING',
  'CREATE OR REPLACE FUNCTION audit_events_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$',
  'DROP FUNCTION audit_events_are_append_only() CASCADE',
  'SET LOCAL session_replication_role = replica',
  "SELECT add_audit_month('2100-01-01')",
  "SELECT guard_audit_month('users')",
  "SELECT setval('audit_events_sequence_seq', 1)",
  'ALTER SEQUENCE audit_events_sequence_seq RESTART',
  // Who may not grant is but warned.
  'GRANT UPDATE ON audit_events TO doorward_service; UPDATE audit_events SET risk_score = 1',
  'ALTER FUNCTION audit_months_ahead(integer) RESET search_path',
  'DELETE FROM audit_daily',
  'UPDATE audit_daily_of_all SET count = 0',
  'DELETE FROM audit_daily_of_all',
  "INSERT INTO audit_daily_of_all VALUES ('2026-01-01', 'auth.login', 'success', 1)",
  'CREATE TEMP TABLE mine (id int); CREATE TRIGGER mine AFTER INSERT ON mine EXECUTE FUNCTION count_days_of_all()',
];

describe.each(DATABASES)('the audit log (%s)', (database) => {
  let context: TestContext;
  let month: string;
  const all = (): Promise<string[]> =>
    Promise.all(KEPT_TABLES.map((table) => tableOf(context.source, `(SELECT * FROM ${table} ORDER BY 1)`)));
  const trying = (asker: Asker, sql: string): Promise<unknown> =>
    attempted(context.source, asker, sql.replaceAll('MONTH', month)).then(
      () => 'was done',
      (error: unknown) => String(error),
    );

  beforeAll(async () => {
    context = await aContext({ database, prepared: false });
    await context.app.get(UnitOfWork).run(() => context.app.get(AuditTrail).record(anEvent()));
    await putEvent(context.source, { at: new Date() });
    month = `audit_events_${new Date().toISOString().slice(0, 7).replace('-', '_')}`;
    await putSealed(context.source);
  });
  afterAll(() => context.stop());

  it.each(ASKERS)('keeps what it has, its seals, archives and keys, whatever %s tries', async (asker) => {
    const before = await all();
    for (const sql of CHANGES) {
      expect([sql, await trying(asker, sql)]).toEqual([
        sql,
        expect.stringMatching(/permission denied|only ever added|cannot insert a non-DEFAULT value/),
      ]);
    }
    expect(await all()).toEqual(before);
  });

  it('is reached by the service through the whole table alone, and not reshaped by it', async () => {
    for (const sql of FOR_OTHERS_THAN_THE_SERVICE) {
      expect([sql, await trying('the service', sql)]).toEqual([sql, expect.stringMatching(REFUSED)]);
    }
    for (const table of await monthsOf(context.source)) {
      const [may] = await context.source.query<object[]>(
        `SELECT bool_or(has_table_privilege('doorward_service', $1, privilege)) AS anything
         FROM unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) AS privilege`,
        [table],
      );
      expect([table, may]).toEqual([table, { anything: false }]);
    }
  });

  it('lets the private half of a key and the secret be sealed anew by who owns them, and nothing else of them be changed', async () => {
    const resealed = `UPDATE audit_keys SET private_key_sealed = '\\x03'`;
    const secret = `UPDATE audit_secrets SET sealed = '\\x03'`;
    for (const sql of [resealed, secret]) {
      expect(await trying('the owner of the tables', sql)).toBe('was done');
      expect(await trying('the service', sql)).toMatch(REFUSED);
    }
  });

  it('keeps what it has when a recorded event comes again', async () => {
    const id = randomUUID();
    const record = () => context.app.get(UnitOfWork).run(() => context.app.get(AuditTrail).record(anEvent({ id })));
    await record();
    await expect(record()).rejects.toThrow(/duplicate key .*_id_/);
  });

  it('takes and finds an event of any time', async () => {
    for (const at of FAR) {
      const id = await putEvent(context.source, { at });
      expect(await context.source.query('SELECT occurred_at::text FROM audit_events WHERE id = $1', [id])).toHaveLength(
        1,
      );
    }
    expect((await recorded(context.source)).length).toBeGreaterThanOrEqual(FAR.length);
  });

  it('shows a tenant its own events alone, in whichever month they are', async () => {
    const [ours, theirs] = [randomUUID(), randomUUID()];
    const times = [new Date(), ...FAR];
    for (const at of times) for (const tenant of [ours, theirs]) await putEvent(context.source, { at, tenant });
    const seen = await context.source.transaction(async (manager) => {
      await manager.query(`SET LOCAL ROLE doorward_service; SET LOCAL doorward.tenant_id = '${ours}'`);
      return manager.query<object[]>('SELECT DISTINCT tenant_id, count(*)::int FROM audit_events GROUP BY 1');
    });
    expect(seen).toEqual([{ tenant_id: ours, count: times.length }]);
  });
});
