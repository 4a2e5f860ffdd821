import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../../platform/database/unit-of-work';
import { EventSubscriptions, type RecordedEvent } from '../../platform/events/event-subscriptions';
import { TenantMessages } from '../../platform/limits/tenant-messages';
import { CountUsage } from './application/limits/count-usage';

/** By its name alone: the sign-in stands above tenants. */
const SIGNED_IN = 'auth.login';

/** Where what tenants use is told of, beside their requests. */
@Injectable()
export class UsageSubscriptions implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly messages: TenantMessages,
    private readonly counting: CountUsage,
    private readonly work: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.subscriptions.subscribe(SIGNED_IN, (event) => {
      this.signedIn(event);
      return Promise.resolve();
    });
    this.messages.register(this.counting);
  }

  private signedIn({ outcome, tenantId, userId, at }: RecordedEvent): void {
    if (outcome !== 'success' || tenantId === null || userId === null) return;
    this.work.afterCommit(() => {
      this.counting.signIn(tenantId, userId, at);
    });
  }
}
