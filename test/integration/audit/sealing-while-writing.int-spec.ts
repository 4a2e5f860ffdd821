import { AuditTrail } from '../../../src/modules/audit/application/audit-trail.port';
import { SealAuditLog } from '../../../src/modules/audit/application/seals/seal-audit-log';
import { Seals } from '../../../src/modules/audit/application/seals/seals.port';
import { AuditSecret } from '../../../src/modules/audit/infrastructure/audit-secret';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { anEvent } from '../../support/an-event';
import { Log } from '../../support/audit-log';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { gate, type Gate } from '../../support/gates';

/** Nobody's key is made for them, so that nothing is shared but the log. */
const NOBODYS = { userId: null };

/** The embedded database has one session: nobody writes there while another does. */
const SERVERS = DATABASES.filter((kind) => kind === 'postgres');

describe.each(SERVERS)('sealing while somebody writes (%s)', (database) => {
  let context: TestContext;
  let log: Log;

  beforeAll(async () => {
    context = await aContext({ database, prepared: false });
    log = new Log(context);
    // A service has its secret since its migrations were put on record.
    await context.app.get(AuditSecret).derive('event');
  });
  afterAll(() => context.stop());

  class Undone extends Error {}

  /** An event that has its number and is not committed until the gate opens. */
  async function pending(end: Gate, isUndone = false): Promise<{ readonly ended: Promise<void> }> {
    const written = gate();
    const writing = context.app.get(UnitOfWork).run(async () => {
      await context.app.get(AuditTrail).record(anEvent(NOBODYS));
      written.open();
      await end.opened;
      if (isUndone) throw new Undone();
    });
    const ended = writing.catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
    await written.opened;
    return { ended };
  }

  let before = 0;
  beforeEach(async () => {
    await log.seal();
    before = (await context.app.get(Seals).newest())?.lastSequence ?? 0;
  });

  /** Counted from where the test began. */
  const sealed = async (): Promise<number[]> => {
    const rows = await context.source.query<{ sequences: number[] }[]>(
      'SELECT to_json(sequences) AS sequences FROM audit_seals WHERE last_sequence > $1 ORDER BY number',
      [before],
    );
    return rows.flatMap(({ sequences }) => sequences.map((sequence) => sequence - before));
  };

  it('waits for a lower number that is not committed, and then seals both in order', async () => {
    const end = gate();
    const writing = await pending(end);
    await log.record(NOBODYS);
    expect([await log.seal(), await log.seal(), await sealed()]).toEqual([0, 0, []]);
    end.open();
    await writing.ended;
    expect([await log.seal(), await sealed()]).toEqual([2, [1, 2]]);
    expect((await log.verify()).findings).toEqual([]);
  });

  it('passes over a number that was rolled back', async () => {
    const end = gate();
    const writing = await pending(end, true);
    await log.record(NOBODYS);
    expect(await log.seal()).toBe(0);
    end.open();
    await writing.ended;
    expect([await log.seal(), await sealed()]).toEqual([1, [2]]);
    expect((await log.verify()).findings).toEqual([]);
  });

  it('goes on under unbroken writing, though there is never a moment without a writer', async () => {
    const [first, second] = [gate(), gate()];
    const one = await pending(first);
    await log.record(NOBODYS);
    expect(await log.seal()).toBe(0);
    const two = await pending(second);
    first.open();
    await one.ended;
    expect([await log.seal(), await sealed()]).toEqual([2, [1, 2]]);
    second.open();
    await two.ended;
    expect([await log.seal(), await sealed()]).toEqual([1, [1, 2, 3]]);
  });

  it('holds up nobody who writes', async () => {
    await log.record(NOBODYS);
    const [sealing, end] = [gate(), gate()];
    const held = context.app.get(UnitOfWork).run(async () => {
      await context.app.get(SealAuditLog).execute();
      sealing.open();
      await end.opened;
    });
    await sealing.opened;
    await log.record(NOBODYS);
    end.open();
    await held;
    await log.seal();
    expect(await sealed()).toEqual([1, 2]);
  });

  it('is not said to be whole while something is in no seal, and names there what the service did not write', async () => {
    const end = gate();
    const writing = await pending(end);
    await log.record(NOBODYS);
    expect(await log.verify()).toMatchObject({ verified: false, complete: false, unsealed: 1, findings: [] });
    await context.source.query(
      `INSERT INTO audit_events (id, occurred_at, actor, action, outcome, risk_score, details)
       VALUES (gen_random_uuid(), '2026-01-01', 'system', 'auth.login', 'success', 0, '{}')`,
    );
    const inserted = { sequence: before + 3, seal: null, reason: 'inserted' };
    expect(await log.verify()).toMatchObject({ verified: false, unsealed: 2, findings: [inserted] });
    end.open();
    await writing.ended;
    expect(await log.verify()).toMatchObject({ complete: true, unsealed: 0, found: 1 });
  });
});
