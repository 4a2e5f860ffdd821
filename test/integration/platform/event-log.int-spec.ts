import { EventLog } from '../../../src/platform/events/event-log';
import { EventSubscriptions, type RecordedEvent } from '../../../src/platform/events/event-subscriptions';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work';
import { RequestContext } from '../../../src/platform/http/request-context';
import { anEvent } from '../../support/an-event';
import { aMadeUpEvent, madeUpAction } from '../../support/made-up-event';
import { aService } from '../../support/service';
import { aContext, type TestContext } from '../../support/context';
import { DataSource } from 'typeorm';
import { counted, recorded } from '../../support/recorded';
import { sabotage } from '../../support/sabotage';

describe('the event log', () => {
  let context: TestContext;
  let log: EventLog;
  let work: UnitOfWork;

  beforeAll(async () => {
    context = await aContext({ prepared: false });
    [log, work] = [context.app.get(EventLog), context.app.get(UnitOfWork)];
    await context.app.init();
  });
  afterAll(() => context.stop());

  it('refuses an event outside a unit of work', async () => {
    await expect(log.append(aMadeUpEvent('test.homeless'))).rejects.toThrow('outside UnitOfWork');
    expect(await recorded(context.source, 'test.homeless')).toEqual([]);
  });

  it('forgets an event whose unit of work is rolled back', async () => {
    const failing = work.run(async () => {
      await log.append(aMadeUpEvent('test.undone'));
      throw new Error('afterwards');
    });
    await expect(failing).rejects.toThrow('afterwards');
    expect(await recorded(context.source, 'test.undone')).toEqual([]);
  });

  it('puts the origin of the request and the instant of the unit of work around an event', async () => {
    const heard: RecordedEvent[] = [];
    context.app.get(EventSubscriptions).subscribe(madeUpAction('test.enveloped'), (each) => {
      heard.push(each);
      return Promise.resolve();
    });
    const client = { ipAddress: '203.0.113.7', userAgent: 'a browser', acceptLanguage: 'de' } as const;
    const origin = { requestId: 'r-1', ...client, actor: 'user', actorId: anEvent().userId, apiKeyId: null } as const;
    const at = context.clock.now();
    const event = aMadeUpEvent('test.enveloped');
    await context.app.get(RequestContext).run(origin, () => work.run(() => log.append(event)));
    expect(heard).toEqual([expect.objectContaining({ ...event, ...origin, at })]);
  });

  it('tells nobody of details that the action may not carry', async () => {
    const heard: RecordedEvent[] = [];
    context.app.get(EventSubscriptions).subscribe('user.locked', (each) => {
      heard.push(each);
      return Promise.resolve();
    });
    // Not seen by the compiler, for the object has no literal type.
    const details = { scope: 'source', ...Object.fromEntries([['email', 'ann@example.com']]) };
    const { userId } = aMadeUpEvent('test.unlisted');
    const event = { type: 'user.locked', outcome: 'success', userId, tenantId: null, details } as const;
    await work.run(() => log.append(event));
    expect(heard.map((each) => each.details)).toEqual([{ scope: 'source' }]);
    expect(await recorded(context.source, 'user.locked')).toMatchObject([{ details: { scope: 'source' } }]);
    expect(JSON.stringify(await recorded(context.source))).not.toContain('ann@');
  });

  it('takes what has no request for an act of the system', async () => {
    const event = aMadeUpEvent('test.unasked');
    await work.run(() => log.append(event));
    expect(await recorded(context.source, 'test.unasked')).toMatchObject([{ actor: 'system', user_id: event.userId }]);
  });

  it('undoes the change when a listener fails', async () => {
    context.app
      .get(EventSubscriptions)
      .subscribe(madeUpAction('test.unwelcome'), () => Promise.reject(new Error('not with me')));
    await expect(work.run(() => log.append(aMadeUpEvent('test.unwelcome')))).rejects.toThrow('not with me');
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
