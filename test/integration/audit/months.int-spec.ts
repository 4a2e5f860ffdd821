import type { DataSource } from 'typeorm';
import { MakeMonths } from '../../../src/modules/audit/application/months/make-months';
import { monthsOf, putEvent } from '../../support/audit-tables';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { gate, untilWaiting } from '../../support/gates';

type Found = { readonly table: string; readonly id: string };

/** The first instant of a month so many months from this one, in UTC. */
function monthAhead(months: number): Date {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months));
}

const tableOf = (month: Date): string => `audit_events_${month.toISOString().slice(0, 7).replace('-', '_')}`;

describe.each(DATABASES)('the months of the audit log (%s)', (database) => {
  let context: TestContext;
  let source: DataSource;
  const ahead = async (months: number | null): Promise<number> => {
    const [row] = await source.query<{ made: number }[]>('SELECT audit_months_ahead($1) AS made', [months]);
    return row?.made ?? -1;
  };
  const within = async (ids: readonly string[]): Promise<Found[]> =>
    source.query<Found[]>('SELECT tableoid::regclass::text AS table, id FROM audit_events WHERE id = ANY ($1)', [ids]);

  /** How many months ahead there is a table for: each test goes on from there. */
  let there = 3;

  beforeAll(async () => {
    there = 3;
    context = await aContext({ database, prepared: false });
    source = context.source;
  });
  afterAll(() => context.stop());

  it('are made by the service three ahead, which they are already when it is installed', async () => {
    expect(await context.app.get(MakeMonths).execute()).toBe(0);
  });

  it('are made by the service, whose own tables and settings change nothing of it', async () => {
    const made = await source.transaction(async (manager) => {
      await manager.query(
        `SET LOCAL ROLE doorward_service;
         CREATE TEMPORARY TABLE audit_events (occurred_at timestamptz) ON COMMIT DROP;
         CREATE TEMPORARY TABLE audit_events_other (occurred_at timestamptz) ON COMMIT DROP;
         CREATE FUNCTION pg_temp.add_audit_month(month date) RETURNS boolean LANGUAGE sql AS 'SELECT 1/0 = 1';
         SET LOCAL search_path = pg_temp, public, pg_catalog;
         SET LOCAL timezone = 'Pacific/Auckland'; SET LOCAL datestyle = 'SQL, DMY'`,
      );
      return manager.query<object[]>('SELECT public.audit_months_ahead(4) AS made');
    });
    there = 4;
    expect(made).toEqual([{ made: 1 }]);
    const last = monthAhead(there);
    const [first, next] = [
      await putEvent(source, { at: last }),
      await putEvent(source, { at: new Date(monthAhead(there + 1).getTime() - 1) }),
    ];
    expect((await within([first, next])).map(({ table }) => table)).toEqual([tableOf(last), tableOf(last)]);
    const [kept] = await source.query<object[]>(
      `SELECT relowner = (SELECT relowner FROM pg_class WHERE oid = 'audit_events'::regclass) AS owned,
              relrowsecurity AND relforcerowsecurity AS guarded,
              (SELECT count(*)::int FROM pg_trigger WHERE tgrelid = c.oid AND tgenabled = 'O') AS triggers,
              has_table_privilege('doorward_service', c.oid, 'SELECT') AS read
       FROM pg_class c WHERE oid = $1::regclass`,
      [tableOf(last)],
    );
    expect(kept).toEqual({ owned: true, guarded: true, triggers: 2, read: false });
  });

  it('take over what was kept for them in the meantime, and stay append-only', async () => {
    const [fifth, sixth, past] = [monthAhead(there + 2), monthAhead(there + 3), new Date('1999-12-31T23:59:59.999Z')];
    const ids: string[] = [];
    for (const at of [fifth, new Date(sixth.getTime() - 1), sixth, past]) ids.push(await putEvent(source, { at }));
    const sequences = (): Promise<unknown> =>
      source.query('SELECT sequence, id FROM audit_events WHERE id = ANY ($1) ORDER BY sequence', [ids]);
    const before = await sequences();
    expect(new Set((await within(ids)).map(({ table }) => table))).toEqual(new Set(['audit_events_other']));
    expect(await ahead((there += 2))).toBe(2);
    const tables = Object.fromEntries((await within(ids)).map(({ id, table }) => [id, table]));
    expect(ids.map((id) => tables[id])).toEqual([
      ...[tableOf(fifth), tableOf(fifth)],
      ...['audit_events_other', 'audit_events_other'],
    ]);
    expect(await sequences()).toEqual(before);
    await expect(source.query('DELETE FROM audit_events')).rejects.toThrow('only ever added');
    await expect(source.query('DELETE FROM audit_events_other')).rejects.toThrow('only ever added');
    await expect(source.query(`DELETE FROM ${tableOf(fifth)}`)).rejects.toThrow('only ever added');
  });

  it('are each made once where several processes make them at a time', async () => {
    const made = await Promise.all(Array.from({ length: 6 }, () => ahead(there + 2)));
    there += 2;
    expect([...made].sort()).toEqual([0, 0, 0, 0, 0, 2]);
    expect(await monthsOf(source)).toHaveLength(there + 2);
  });

  it('miss no event that is added while they are made', async () => {
    const [added, mayCommit] = [gate(), gate()];
    const at = monthAhead((there += 1));
    let id = '';
    const adding = source.transaction(async (manager) => {
      id = await putEvent(manager, { at });
      added.open();
      await mayCommit.opened;
    });
    await added.opened;
    const making = ahead(there);
    await untilWaiting(context, 1);
    mayCommit.open();
    await adding;
    expect(await making).toBe(1);
    expect(await within([id])).toEqual([{ id, table: tableOf(at) }]);
  });

  it('hold up nobody for longer than two seconds where somebody holds up them', async () => {
    if (database === 'embedded') return;
    const [locked, mayEnd] = [gate(), gate()];
    const reading = source.transaction(async (manager) => {
      await manager.query('LOCK TABLE audit_events_other IN ACCESS SHARE MODE');
      locked.open();
      await mayEnd.opened;
    });
    await locked.opened;
    await expect(ahead(there + 1)).rejects.toThrow('lock timeout');
    mayEnd.open();
    await reading;
    expect(await ahead((there += 1))).toBe(1);
  });

  it.each(['UTC', 'Pacific/Auckland', 'America/Los_Angeles'])(
    'begin and end in UTC, for a session in %s',
    async (zone) => {
      const [first, second] = [monthAhead(1), monthAhead(2)];
      const [last, begin] = [new Date(second.getTime() - 1), second];
      const ids = await source.transaction(async (manager) => {
        await manager.query(`SET LOCAL timezone = '${zone}'`);
        return [await putEvent(manager, { at: last }), await putEvent(manager, { at: begin })];
      });
      const tables = Object.fromEntries((await within(ids)).map(({ id, table }) => [id, table]));
      expect(ids.map((id) => tables[id])).toEqual([tableOf(first), tableOf(second)]);
    },
  );

  it('are made once, none for nothing, and for no more than two years', async () => {
    for (const none of [-1, -2_147_483_648, 0, null, there]) expect(await ahead(none)).toBe(0);
    // Each month takes the embedded database a while.
    if (database === 'embedded') return;
    expect(await ahead(2_147_483_647)).toBe(24 - there);
    const months = Array.from({ length: 25 }, (_month, index) => tableOf(monthAhead(index)));
    expect(await monthsOf(source)).toEqual([...months, 'audit_events_other'].sort());
  });
});
