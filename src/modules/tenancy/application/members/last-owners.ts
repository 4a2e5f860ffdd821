import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { isLastOwner } from '../../domain/owners';
import { Members, type OwnedTenant } from './members.port';

/** Keeps tenants from losing their last owner. Within the caller's unit of work. */
@Injectable()
export class LastOwners {
  constructor(private readonly members: Members) {}

  /** To be asked by who holds the tenant, or two owners that remove each other are both told no. */
  async includes(tenantId: TenantId, member: UserId): Promise<boolean> {
    return isLastOwner(await this.members.ownersOf(tenantId), member);
  }

  /** The active tenants that would be without an owner, were the user one no more. Holds all that the user owns. */
  async tenantsOf(user: UserId): Promise<readonly OwnedTenant[]> {
    const sole: OwnedTenant[] = [];
    for (const owned of await this.members.holdOwnedBy(user)) {
      if (await this.includes(owned.tenantId, user)) sole.push(owned);
    }
    return sole;
  }
}
