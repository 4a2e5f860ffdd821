import type { LoggedEvent } from '../../domain/seals/logged-event';

/** How many events there were each day, by tenant, action and outcome, and over all tenants; of what is sealed. */
export abstract class DailyCounts {
  /** Within the unit of work that seals them. */
  abstract add(events: readonly LoggedEvent[]): Promise<void>;
}
