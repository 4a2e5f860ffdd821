import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../kernel/ids';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { roleGranted } from '../tenancy.events';
import { Tenants } from './tenants.port';

/** Makes a user a member of a tenant with one of the built-in roles. Joins the caller's unit of work. */
@Injectable()
export class JoinTenant {
  constructor(
    private readonly tenants: Tenants,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  execute(tenant: TenantId, user: UserId, builtInRole: string): Promise<void> {
    return this.work.run(async (now) => {
      await this.tenants.addMember(tenant, user, builtInRole, now);
      await this.events.append(roleGranted(tenant, user, builtInRole));
    });
  }
}
