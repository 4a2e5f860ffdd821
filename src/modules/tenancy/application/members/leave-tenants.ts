import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { EventLog } from '../../../../platform/events/event-log';
import { OWNER } from '../../domain/built-in-roles';
import { LastOwner } from '../../domain/member-errors';
import { memberLeft } from '../../member.events';
import { tenantDeleted } from '../../tenancy.events';
import { Tenants } from '../tenants.port';
import { EndTenant } from '../tenants/end-tenant';
import { ForgetNamesake } from './forget-namesake';
import { Members } from './members.port';

/** The tenants somebody has left: those with members yet, and those nobody belongs to any more. All are held. */
export type LeftTenants = { readonly shared: readonly TenantId[]; readonly empty: readonly TenantId[] };

type Leaving = {
  readonly tenant: TenantId;
  /** As one in force, whom others may need. */
  readonly asOwner: boolean;
  /** Whatever their status: the tenant may bear their name. */
  readonly hadOwned: boolean;
};

/** Takes a user out of every tenant. Those nobody else belongs to end. Within the caller's unit of work. */
@Injectable()
export class LeaveTenants {
  constructor(
    private readonly members: Members,
    private readonly tenants: Tenants,
    private readonly namesake: ForgetNamesake,
    private readonly ending: EndTenant,
    private readonly events: EventLog,
  ) {}

  /**
   * Throws LastOwner when others would be left in a tenant without an owner, unless it is deleted: all of it is to be
   * taken back.
   */
  async execute(user: UserId): Promise<LeftTenants> {
    const [shared, empty]: [TenantId[], TenantId[]] = [[], []];
    for (const leaving of await this.leave(user)) {
      if (await this.isNeededWithout(user, leaving)) shared.push(leaving.tenant);
      else empty.push(leaving.tenant);
    }
    return { shared, empty };
  }

  /** Once the user is held: what refers to a tenant goes before it, and sessions are held after their users. */
  async conclude(user: UserId, by: UserId | null, { shared, empty }: LeftTenants): Promise<void> {
    for (const tenant of shared) await this.events.append(memberLeft(tenant, user, by));
    for (const tenant of empty) await this.ending.execute(tenant, tenantDeleted(tenant, user));
  }

  /**
   * Whoever signs in holds the membership, and refers to the tenant next: while they are waited for, nobody who only refers
   * to a tenant must wait for us.
   */
  private async leave(user: UserId): Promise<readonly Leaving[]> {
    const tenants = await this.members.tenantsOf(user);
    // Whoever is accepting an invitation holds it, and wants the tenant next: they are waited for in the same order.
    for (const tenant of tenants) {
      if (!(await this.members.hasOthers(tenant, user))) await this.tenants.endInvitations(tenant);
    }
    for (const tenant of tenants) await this.members.holdTenant(tenant);
    const left: Leaving[] = [];
    for (const tenant of tenants) {
      const asOwner = (await this.members.ownersOf(tenant)).includes(user);
      const member = await this.members.take(tenant, user);
      if (!member) continue;
      await this.members.remove(tenant, user);
      left.push({ tenant, asOwner, hadOwned: member.roles.includes(OWNER) });
    }
    return left;
  }

  private async isNeededWithout(user: UserId, { tenant, asOwner, hadOwned }: Leaving): Promise<boolean> {
    // Somebody may have joined until everybody who would refer to the tenant waits.
    if (!(await this.members.hasOthers(tenant, user))) await this.tenants.hold(tenant);
    if (!(await this.members.hasOthers(tenant, user))) return false;
    // Nobody has to stay for what is about to be purged: if it is had back, system administrators find it another owner.
    const isOwnerless = asOwner && (await this.members.ownersOf(tenant)).length === 0;
    if (isOwnerless && !(await this.tenants.isDeleted(tenant))) throw new LastOwner();
    if (hadOwned) await this.namesake.execute(tenant, user);
    return true;
  }
}
