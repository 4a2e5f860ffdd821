import { EventLog } from '../../../src/platform/events/event-log';
import { EventSubscriptions, type RecordedEvent } from '../../../src/platform/events/event-subscriptions';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { RequestContext } from '../../../src/platform/http/request-context';
import { anEvent } from '../../support/an-event';
import { aService } from '../../support/service';
import { aContext, type TestContext } from '../../support/context';
import { DataSource } from 'typeorm';
import { counted, recorded } from '../../support/recorded';
import { sabotage } from '../../support/sabotage';

describe('the event log', () => {
  let context: TestContext;
  let log: EventLog;
  let work: UnitOfWork;

  const { userId, tenantId } = anEvent();
  const event = (type: string) => ({ type, outcome: 'success', userId, tenantId }) as const;

  beforeAll(async () => {
    context = await aContext({ prepared: false });
    [log, work] = [context.app.get(EventLog), context.app.get(UnitOfWork)];
    await context.app.init();
  });
  afterAll(() => context.stop());

  it('refuses an event outside a unit of work', async () => {
    await expect(log.append(event('test.homeless'))).rejects.toThrow('outside UnitOfWork');
    expect(await recorded(context.source, 'test.homeless')).toEqual([]);
  });

  it('forgets an event whose unit of work is rolled back', async () => {
    const failing = work.run(async () => {
      await log.append(event('test.undone'));
      throw new Error('afterwards');
    });
    await expect(failing).rejects.toThrow('afterwards');
    expect(await recorded(context.source, 'test.undone')).toEqual([]);
  });

  it('puts the origin of the request and the instant of the unit of work around an event', async () => {
    const heard: RecordedEvent[] = [];
    context.app.get(EventSubscriptions).subscribe('test.enveloped', (each) => {
      heard.push(each);
      return Promise.resolve();
    });
    const client = { ipAddress: '203.0.113.7', userAgent: 'a browser', acceptLanguage: 'de' } as const;
    const origin = { requestId: 'r-1', ...client, actor: 'user', actorId: userId, apiKeyId: null } as const;
    const at = context.clock.now();
    await context.app.get(RequestContext).run(origin, () => work.run(() => log.append(event('test.enveloped'))));
    expect(heard).toEqual([expect.objectContaining({ ...event('test.enveloped'), ...origin, at })]);
  });

  it('takes what has no request for an act of the system', async () => {
    await work.run(() => log.append(event('test.unasked')));
    expect(await recorded(context.source, 'test.unasked')).toMatchObject([{ actor: 'system', user_id: userId }]);
  });

  it('undoes the change when a listener fails', async () => {
    context.app.get(EventSubscriptions).subscribe('test.unwelcome', () => Promise.reject(new Error('not with me')));
    await expect(work.run(() => log.append(event('test.unwelcome')))).rejects.toThrow('not with me');
    expect(await recorded(context.source, 'test.unwelcome')).toEqual([]);
  });

  it('lets nobody register or sign in while it cannot be written', async () => {
    const service = await aService();
    try {
      const source = service.app.get(DataSource);
      await service.client.register('known@example.com');
      const before = await counted(source, 'users', 'tenants', 'memberships', 'sessions', 'audit_events');
      const repair = await sabotage(source, 'audit_events', 'INSERT');

      expect((await service.client.register('new@example.com')).status).toBe(503);
      expect((await service.client.login('known@example.com')).status).toBe(503);

      await repair();
      expect(await counted(source, 'users', 'tenants', 'memberships', 'sessions', 'audit_events')).toEqual(before);
      expect((await service.client.register('new@example.com')).status).toBe(201);
    } finally {
      await service.stop();
    }
  });
});
