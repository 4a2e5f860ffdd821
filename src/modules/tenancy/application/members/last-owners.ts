import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { isLastOwner } from '../../domain/owners';
import { Members } from './members.port';

/** Keeps tenants from losing their last owner. Within the caller's unit of work. */
@Injectable()
export class LastOwners {
  constructor(private readonly members: Members) {}

  /** To be asked by who holds the tenant, or two owners that remove each other are both told no. */
  async includes(tenantId: TenantId, member: UserId): Promise<boolean> {
    return isLastOwner(await this.members.ownersOf(tenantId), member);
  }
}
