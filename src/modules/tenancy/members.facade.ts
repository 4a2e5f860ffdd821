import { Injectable } from '@nestjs/common';
import type { UserId } from '../../kernel/ids';
import { EraseAccount } from './application/members/erase-account';

export { LastOwner } from './domain/member-errors';

/** All that the rest of the system may ask about who belongs to tenants. Plain data in, plain data out. */
@Injectable()
export class MembersFacade {
  constructor(private readonly erasing: EraseAccount) {}

  /**
   * Ends an account for good, with all that is personal, and the tenants nobody else belongs to. Not within a unit of work.
   * Throws LastOwner.
   */
  erase(user: UserId): Promise<void> {
    return this.erasing.execute(user, null);
  }
}
