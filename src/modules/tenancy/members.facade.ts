import { Injectable } from '@nestjs/common';
import type { UserId } from '../../kernel/ids';
import { LastOwners } from './application/members/last-owners';
import type { OwnedTenant } from './application/members/members.port';

export { LastOwner } from './domain/member-errors';
export type { OwnedTenant };

/** All that the rest of the system may ask about who belongs to tenants. Plain data in, plain data out. */
@Injectable()
export class MembersFacade {
  constructor(private readonly lastOwners: LastOwners) {}

  /**
   * The active tenants that would be without an owner, were the user one no more. Holds, within the caller's unit of work
   * and before all else that takes, every tenant the user owns: so it stays.
   */
  tenantsWithoutAnotherOwner(user: UserId): Promise<readonly OwnedTenant[]> {
    return this.lastOwners.tenantsOf(user);
  }
}
