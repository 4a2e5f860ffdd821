import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { EventLog } from '../../../../platform/events/event-log';
import { LastOwner } from '../../domain/member-errors';
import { isLastOwner } from '../../domain/owners';
import { tenantDeleted } from '../../tenancy.events';
import { Tenants } from '../tenants.port';
import { Members } from './members.port';

/** Takes a user out of every tenant. Those nobody else belongs to end. Within the caller's unit of work. */
@Injectable()
export class LeaveTenants {
  constructor(
    private readonly members: Members,
    private readonly tenants: Tenants,
    private readonly events: EventLog,
  ) {}

  /** Throws LastOwner, before anything is lost, when others would be left in a tenant without an owner. */
  async execute(user: UserId): Promise<void> {
    for (const tenant of await this.members.tenantsOf(user)) {
      if (await this.isNeededWithout(tenant, user)) await this.members.remove(tenant, user);
      else await this.close(tenant, user);
    }
  }

  private async isNeededWithout(tenant: TenantId, user: UserId): Promise<boolean> {
    // Whoever is accepting an invitation holds it, and wants the tenant next: they are waited for in the same order.
    if (!(await this.members.hasOthers(tenant, user))) await this.tenants.endInvitations(tenant);
    await this.tenants.hold(tenant);
    if (!(await this.members.hasOthers(tenant, user))) return false;
    if (isLastOwner(await this.members.ownersOf(tenant), user)) throw new LastOwner();
    return true;
  }

  private async close(tenant: TenantId, user: UserId): Promise<void> {
    // Before it goes, those go who refer to it.
    await this.events.append(tenantDeleted(tenant, user));
    await this.members.remove(tenant, user);
    await this.tenants.remove(tenant);
  }
}
