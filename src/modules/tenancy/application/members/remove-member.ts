import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { EventLog } from '../../../../platform/events/event-log';
import { AccountsFacade } from '../../../identity/accounts.facade';
import { LastOwner } from '../../domain/member-errors';
import { memberRemoved } from '../../tenancy.events';
import { ActOnMember } from './act-on-member';
import { LastOwners } from './last-owners';
import { Members } from './members.port';

/** Ends a membership in the caller's tenant, and with the last one of a user the account. */
@Injectable()
export class RemoveMember {
  constructor(
    private readonly acting: ActOnMember,
    private readonly members: Members,
    private readonly lastOwners: LastOwners,
    private readonly accounts: AccountsFacade,
    private readonly events: EventLog,
  ) {}

  /** Throws as `ActOnMember` does; LastOwner. */
  async execute(by: Principal, id: string): Promise<void> {
    await this.acting.execute(by, id, { toOneself: 'refused' }, async ({ tenantId, userId }) => {
      if (await this.lastOwners.includes(tenantId, userId)) return new LastOwner();
      // Of two tenants that remove the same user at once, the second sees that it was the last.
      await this.accounts.hold(userId);
      await this.members.remove(tenantId, userId);
      const scope = (await this.members.belongsElsewhere(tenantId, userId)) ? 'tenant' : 'account';
      // Before the account goes, those go who refer to it.
      await this.events.append(memberRemoved(by, userId, scope));
      if (scope === 'account') await this.accounts.erase(userId);
      return null;
    });
  }
}
