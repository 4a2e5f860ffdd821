import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { EventLog } from '../../../../platform/events/event-log';
import { isLastOwner } from '../../domain/owners';
import { LastOwner } from '../../domain/member-errors';
import { tenantDeleted } from '../../tenancy.events';
import { Tenants } from '../tenants.port';
import { Members } from './members.port';

/** Ends a tenant when its last member goes. Within the caller's unit of work. */
@Injectable()
export class CloseTenant {
  constructor(
    private readonly members: Members,
    private readonly tenants: Tenants,
    private readonly events: EventLog,
  ) {}

  /**
   * Whether others belong to the tenant; it is held then. Throws LastOwner when they would be without an owner, were the
   * user one no more.
   */
  async isNeededWithout(tenant: TenantId, user: UserId): Promise<boolean> {
    await this.tenants.hold(tenant);
    if (!(await this.members.hasOthers(tenant, user))) return false;
    if (isLastOwner(await this.members.ownersOf(tenant), user)) throw new LastOwner();
    return true;
  }

  /** Of a tenant that is held. Whoever accepts an invitation at this moment is waited for: then it is not the last one. */
  async execute(tenant: TenantId, user: UserId): Promise<void> {
    await this.tenants.endInvitations(tenant);
    if (await this.members.hasOthers(tenant, user)) throw new LastOwner();
    // Before it goes, those go who refer to it.
    await this.events.append(tenantDeleted(tenant, user));
    await this.members.remove(tenant, user);
    await this.tenants.remove(tenant);
  }
}
