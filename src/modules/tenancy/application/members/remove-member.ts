import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { EventLog } from '../../../../platform/events/event-log';
import type { UserView } from '../../../identity/identity.facade';
import { LastOwner } from '../../domain/member-errors';
import { memberRemoved, USER_DELETED } from '../../member.events';
import { ActOnMember, type ActingRules } from './act-on-member';
import { LastOwners } from './last-owners';
import { type Member, Members } from './members.port';
import { RemovedAccount } from './removed-account';

/** Ends a membership in the caller's tenant, and with the last one of a user the account. */
@Injectable()
export class RemoveMember {
  constructor(
    private readonly acting: ActOnMember,
    private readonly members: Members,
    private readonly lastOwners: LastOwners,
    private readonly removed: RemovedAccount,
    private readonly events: EventLog,
  ) {}

  /** Throws as `ActOnMember` does; LastOwner, also for the last system administrator. */
  async execute(by: Principal, id: string): Promise<void> {
    const rules: ActingRules = {
      event: USER_DELETED,
      toOneself: 'refused',
      first: (account, now) => this.removed.holdInvitations(account, now),
    };
    await this.acting.execute(by, id, rules, (member, account, now) => this.remove(by, member, account, now));
  }

  private async remove(by: Principal, member: Member, account: UserView, now: Date): Promise<LastOwner | null> {
    const { tenantId, userId } = member;
    if (await this.lastOwners.includes(tenantId, userId)) return new LastOwner();
    await this.removed.forgetNamesake(member);
    await this.removed.revokeInvitation(by, account, now);
    // Of two tenants that remove the same user at once, the second sees that it was the last.
    await this.removed.hold(account);
    await this.members.remove(tenantId, userId);
    if (await this.members.belongsElsewhere(tenantId, userId)) {
      await this.events.append(memberRemoved(by, userId, 'tenant'));
    } else {
      await this.removed.end(by, account);
    }
    return null;
  }
}
