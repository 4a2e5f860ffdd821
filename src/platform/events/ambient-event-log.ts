import { Injectable } from '@nestjs/common';
import { Random } from '../crypto/random';
import { Database } from '../database/database';
import { RequestContext } from '../http/request-context';
import { type DomainEvent, EventLog } from './event-log';
import { EventSubscriptions } from './event-subscriptions';

/** Adds instant, id and origin to an event and hands it to the listeners within the running unit of work. */
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
    await this.subscriptions.deliver({ ...event, ...this.context.origin, id: this.random.uuid(at), at });
  }
}
