import { Injectable } from '@nestjs/common';
import type { Principal } from '../kernel/principal';
import { UnitOfWork } from '../platform/database/unit-of-work';
import { type DetailsOf, EventLog } from '../platform/events/event-log';

/** What goes on record of callers who are known and may not. */
@Injectable()
export class DeniedAccess {
  constructor(
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  record({ userId, tenantId }: Principal, details: DetailsOf<'access.denied'>): Promise<void> {
    return this.work.run(() =>
      this.events.append({ type: 'access.denied', outcome: 'failure', userId, tenantId, details }),
    );
  }
}
