import { DomainError } from '../../../../kernel/domain-error';
import type { UnitOfWork } from '../../../../platform/database/unit-of-work';
import type { DomainEvent, EventLog } from '../../../../platform/events/event-log';

/**
 * Does what may be more than the tenant may have. That there was no room has undone the unit of work, so it goes on record in
 * one of its own. Throws what the attempt throws. Not within a unit of work.
 */
export async function orOnRecord<T>(
  log: { readonly work: UnitOfWork; readonly events: EventLog },
  attempt: () => Promise<T>,
  refused: () => DomainEvent,
): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    const isBeyond = error instanceof DomainError && error.code === 'QUOTA_EXCEEDED';
    if (isBeyond) await log.work.run(() => log.events.append(refused()));
    throw error;
  }
}
