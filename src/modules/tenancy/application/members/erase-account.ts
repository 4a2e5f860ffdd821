import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { AccountsFacade } from '../../../identity/accounts.facade';
import { LastOwner } from '../../domain/member-errors';
import { accountDeleted, accountDeletionRefused } from '../../tenancy.events';
import { CloseTenant } from './close-tenant';
import { Members } from './members.port';

/**
 * Ends an account for good, with all that is personal (GDPR, 17). Tenants nobody else belongs to end with it; in others the
 * user must not be the last owner.
 */
@Injectable()
export class EraseAccount {
  constructor(
    private readonly members: Members,
    private readonly closing: CloseTenant,
    private readonly accounts: AccountsFacade,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** `by` is the user; null: an operator. Throws LastOwner, also for the last system administrator. Nothing is done then. */
  async execute(user: UserId, by: UserId | null): Promise<void> {
    try {
      await this.work.run(() => this.erase(user, by));
    } catch (error) {
      // Recorded after what was rolled back.
      if (error instanceof LastOwner) await this.work.run(() => this.events.append(accountDeletionRefused(user, by)));
      throw error;
    }
  }

  private async erase(user: UserId, by: UserId | null): Promise<void> {
    // Tenants before users, as everybody does who changes both.
    const tenants = await this.members.tenantsOf(user);
    for (const tenant of tenants) await this.leave(tenant, user);
    await this.accounts.hold(user);
    await this.events.append(accountDeleted(user, by));
    if (!(await this.accounts.erase(user))) throw new LastOwner();
  }

  private async leave(tenant: TenantId, user: UserId): Promise<void> {
    if (await this.closing.isNeededWithout(tenant, user)) await this.members.remove(tenant, user);
    else await this.closing.execute(tenant, user);
  }
}
