import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventSubscriptions } from '../../platform/events/event-subscriptions';
import { AuditTrail } from './application/audit-trail.port';
import { ForgetPerson } from './application/forget-person';

/** As tenancy, which audit does not know, calls the end of an account. */
const ACCOUNT_DELETED = 'user.deleted';

/** Every event is kept, in the transaction of what it tells. */
@Injectable()
export class AuditSubscriptions implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly trail: AuditTrail,
    private readonly forgetting: ForgetPerson,
  ) {}

  onModuleInit(): void {
    this.subscriptions.subscribe('*', (event) => this.trail.record(event));
    this.subscriptions.subscribe(ACCOUNT_DELETED, (event) => this.forgetting.onDeleted(event));
  }
}
