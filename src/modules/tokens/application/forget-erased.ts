import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import type { DomainEvent } from '../../../platform/events/event-log';
import { isAccountDeleted } from '../../tenancy/member.events';
import { isTenantGone } from '../../tenancy/tenancy.events';
import { ApiKeys } from './api-keys/api-keys.port';
import { Sessions } from './sessions/sessions.port';

/** Of accounts and tenants that are no more, no session and no key is kept. In the transaction of their end. */
@Injectable()
export class ForgetErased {
  constructor(
    private readonly sessions: Sessions,
    private readonly keys: ApiKeys,
    private readonly work: UnitOfWork,
  ) {}

  async onUserDeleted(event: DomainEvent): Promise<void> {
    const { userId } = event;
    if (!isAccountDeleted(event) || userId === null) return;
    await this.work.run(async () => {
      await this.sessions.removeAllOf(userId);
      await this.keys.removeAllOf(userId);
    });
  }

  async onTenantGone(event: DomainEvent): Promise<void> {
    const { tenantId } = event;
    if (!isTenantGone(event) || tenantId === null) return;
    await this.work.run(async () => {
      await this.sessions.removeAllIn(tenantId);
      await this.keys.removeAllIn(tenantId);
    });
  }
}
