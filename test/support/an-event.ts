import { randomUUID } from 'node:crypto';
import { tenantId, userId } from '../../src/kernel/ids';
import type { RecordedEvent } from '../../src/platform/events/event-subscriptions';

/** A successful sign-in, as the event log hands it to its listeners. */
export function anEvent(overrides: Partial<RecordedEvent> = {}): RecordedEvent {
  return {
    id: randomUUID(),
    type: 'auth.login',
    outcome: 'success',
    userId: userId(randomUUID()),
    tenantId: tenantId(randomUUID()),
    at: new Date('2026-01-01T00:00:00.000Z'),
    actor: 'user',
    actorId: null,
    apiKeyId: null,
    requestId: 'a-request',
    ipAddress: '203.0.113.7',
    userAgent: 'a browser',
    ...overrides,
  } as RecordedEvent;
}
