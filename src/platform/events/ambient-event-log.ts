import { Injectable } from '@nestjs/common';
import { Random } from '../crypto/random';
import { Database } from '../database/database';
import { RequestContext } from '../http/request-context';
import { listedDetails } from './catalogue/listed-details';
import { type DomainEvent, EventLog } from './event-log';
import { EventSubscriptions } from './event-subscriptions';

/** Adds instant, id and origin to an event, leaves what its action may not carry, and hands it to the listeners within the running unit of work. */
@Injectable()
export class AmbientEventLog extends EventLog {
  constructor(
    private readonly database: Database,
    private readonly context: RequestContext,
    private readonly random: Random,
    private readonly subscriptions: EventSubscriptions,
  ) {
    super();
  }

  async append(event: DomainEvent): Promise<void> {
    const at = this.database.instant;
    await this.subscriptions.deliver({ ...listed(event), ...this.context.origin, id: this.random.uuid(at), at });
  }
}

/** The compiler refuses what is not listed where it can see it; this refuses it everywhere. */
function listed(event: DomainEvent): DomainEvent {
  if (event.details === undefined) return event;
  return { ...event, details: listedDetails(event.type, event.details) } as DomainEvent;
}
