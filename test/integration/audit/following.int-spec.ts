import { randomUUID } from 'node:crypto';
import { tenantId } from '../../../src/kernel/ids';
import { Arrivals } from '../../../src/modules/audit/application/arrivals.port';
import type { LogSubject } from '../../../src/modules/audit/application/audit-queries';
import { AuditTrail } from '../../../src/modules/audit/application/audit-trail.port';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { anEvent } from '../../support/an-event';
import { aContext, type TestContext } from '../../support/context';
import { DATABASES } from '../../support/database';
import { gate } from '../../support/gates';

const ONE = tenantId(randomUUID());
const OF_ONE: LogSubject = { kind: 'tenant', tenant: ONE };

/** A transaction that is late while another one ends takes two sessions: the embedded database has one. */
const SERVERS = DATABASES.filter((kind) => kind === 'postgres');

describe.each(SERVERS)('following the audit log (%s)', (kind) => {
  let context: TestContext;

  beforeAll(async () => {
    context = await aContext({ database: kind, prepared: false });
  });
  afterAll(() => context.stop());

  const add = (requestId: string): Promise<void> =>
    context.app.get(AuditTrail).record(anEvent({ requestId, tenantId: ONE, at: context.clock.now() }));
  const alone = (requestId: string): Promise<void> => context.app.get(UnitOfWork).run(() => add(requestId));

  it('shows each event once, those too that come late with a lower number', async () => {
    await alone('before');
    const follower = await context.app.get(Arrivals).follow(OF_ONE, {});
    const next = async (): Promise<string[]> => (await follower.next()).map(({ requestId }) => requestId ?? '');
    const [numbered, mayCommit] = [gate(), gate()];
    const late = context.app.get(UnitOfWork).run(async () => {
      await add('late');
      numbered.open();
      await mayCommit.opened;
    });
    await numbered.opened;
    await alone('soon');
    expect(await next()).toEqual(['soon']);
    await alone('sooner');
    expect(await next()).toEqual(['sooner']);
    expect(await next()).toEqual([]);
    mayCommit.open();
    await late;
    expect(await next()).toEqual(['late']);
    await alone('last');
    expect([await next(), await next(), await next()]).toEqual([['last'], [], []]);
  });
});
