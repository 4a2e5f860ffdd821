import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids';
import { type DomainEvent, EventLog } from '../../../../platform/events/event-log';
import { Tenants } from '../tenants.port';

/** Removes a tenant that nobody belongs to any more, with all there is in it. The audit log stays. */
@Injectable()
export class EndTenant {
  constructor(
    private readonly tenants: Tenants,
    private readonly events: EventLog,
  ) {}

  /**
   * Within the caller's unit of work, which holds the tenant. `ended` is what goes on record: whoever keeps something that
   * refers to the tenant lets go of it then.
   */
  async execute(tenant: TenantId, ended: DomainEvent): Promise<void> {
    await this.events.append(ended);
    await this.tenants.remove(tenant);
  }
}
