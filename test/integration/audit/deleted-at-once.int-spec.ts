import { AuditTrail } from '../../../src/modules/audit/application/audit-trail.port';
import { SealsFacade } from '../../../src/modules/audit/seals.facade';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { anEvent } from '../../support/an-event';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { TableOwner } from '../../support/table-owner';

describe.each(DATABASES)('an event that is deleted before it is sealed (%s)', (database) => {
  let context: TestContext;
  let owner: TableOwner;

  beforeAll(async () => {
    context = await aContext({ database });
    owner = await TableOwner.of(context.source);
  });
  afterAll(() => context.stop());

  const record = (): Promise<void> =>
    context.app.get(UnitOfWork).run(() => context.app.get(AuditTrail).record(anEvent()));
  const newest = async (): Promise<number> => {
    const [row] = await context.source.query<{ newest: number }[]>(
      'SELECT max(sequence)::int AS newest FROM audit_events',
    );
    return row?.newest ?? 0;
  };
  const verify = () => context.app.get(SealsFacade).verify();

  it('leaves nothing behind where it was rolled back', async () => {
    const failing = context.app.get(UnitOfWork).run(async () => {
      await context.app.get(AuditTrail).record(anEvent());
      throw new Error('afterwards');
    });
    await expect(failing).rejects.toThrow('afterwards');
    expect(await verify()).toMatchObject({ verified: true, findings: [] });
  });

  it('is missed all the same, and for good: the process that recorded it knows of it', async () => {
    await record();
    const gone = await newest();
    await owner.run('DELETE FROM audit_events WHERE sequence = $1', [gone]);
    const expected = { verified: false, findings: [{ reason: 'missing', sequence: gone }] };
    expect(await verify()).toMatchObject(expected);
    await record();
    expect(await verify()).toMatchObject(expected);
  });
});
