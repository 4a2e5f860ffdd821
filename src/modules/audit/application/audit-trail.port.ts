import type { RecordedEvent } from '../../../platform/events/event-subscriptions';

/** The append-only store of events. */
export abstract class AuditTrail {
  /** Within the event's own unit of work: cannot record, does not happen. */
  abstract record(event: RecordedEvent): Promise<void>;
}
