import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { EventLog } from '../../../../platform/events/event-log';
import { LastOwner } from '../../domain/member-errors';
import { isLastOwner } from '../../domain/owners';
import { tenantDeleted } from '../../tenancy.events';
import { Tenants } from '../tenants.port';
import { Members } from './members.port';

/** A tenant that a user is about to leave, and whether it goes on without them. */
export type Departure = { readonly tenant: TenantId; readonly isNeeded: boolean };

/** Takes a user out of every tenant. Those nobody else belongs to end. Within the caller's unit of work. */
@Injectable()
export class LeaveTenants {
  constructor(
    private readonly members: Members,
    private readonly tenants: Tenants,
    private readonly events: EventLog,
  ) {}

  /**
   * Holds all tenants of the user before any of them is left: whoever acts on a member holds the tenant first, and the
   * sessions after it. Throws LastOwner when others would be left in a tenant without an owner.
   */
  async prepare(user: UserId): Promise<readonly Departure[]> {
    const departures: Departure[] = [];
    for (const tenant of await this.members.tenantsOf(user)) {
      departures.push({ tenant, isNeeded: await this.isNeededWithout(tenant, user) });
    }
    return departures;
  }

  async execute(user: UserId, departures: readonly Departure[]): Promise<void> {
    for (const { tenant, isNeeded } of departures) {
      if (isNeeded) await this.members.remove(tenant, user);
      else await this.close(tenant, user);
    }
  }

  private async isNeededWithout(tenant: TenantId, user: UserId): Promise<boolean> {
    // Whoever is accepting an invitation holds it, and wants the tenant next: they are waited for in the same order.
    if (!(await this.members.hasOthers(tenant, user))) await this.tenants.endInvitations(tenant);
    // Whoever is signing in holds the membership, and is to refer to the tenant next.
    await this.members.holdTenant(tenant);
    await this.members.take(tenant, user);
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
