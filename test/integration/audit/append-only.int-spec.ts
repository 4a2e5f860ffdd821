import { randomUUID } from 'node:crypto';
import { AuditTrail } from '../../../src/modules/audit/application/audit-trail.port';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { anEvent } from '../../support/an-event';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { recorded } from '../../support/recorded';

describe.each(DATABASES)('the audit log (%s)', (database) => {
  let context: TestContext;

  beforeAll(async () => {
    context = await aContext({ database, prepared: false });
    await context.app.get(UnitOfWork).run(() => context.app.get(AuditTrail).record(anEvent()));
  });
  afterAll(() => context.stop());

  it.each([
    "UPDATE audit_events SET outcome = 'failure'",
    'UPDATE audit_events SET details = details',
    'DELETE FROM audit_events',
    'TRUNCATE audit_events',
    'TRUNCATE audit_events CASCADE',
    `INSERT INTO audit_events SELECT * FROM audit_events`,
    "UPDATE audit_events_other SET outcome = 'failure'",
    'DELETE FROM audit_events_other',
    'TRUNCATE audit_events_other',
  ])('keeps what it has through %s', async (sql) => {
    const before = await recorded(context.source);
    await expect(context.source.query(sql)).rejects.toThrow();
    expect(await recorded(context.source)).toEqual(before);
  });

  it('keeps what it has when a recorded event comes again', async () => {
    const id = randomUUID();
    const record = () => context.app.get(UnitOfWork).run(() => context.app.get(AuditTrail).record(anEvent({ id })));
    await record();
    await expect(record()).rejects.toThrow(/duplicate key .*_id_/);
  });
});
