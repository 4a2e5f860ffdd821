import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { AccountsFacade, type ProfileChange } from '../../../identity/accounts.facade';
import { UsernameTaken } from '../../../identity/identity.facade';
import { ProfileOfTheirOwn } from '../../domain/member-errors';
import { MEMBER_UPDATED, memberUpdated, memberUpdateRefused } from '../../member.events';
import { ActOnMember } from './act-on-member';
import type { MemberView } from './member-queries';
import { Members } from './members.port';

/** Changes the names of a member who belongs to no other tenant. A change of nothing leaves no trace. */
@Injectable()
export class EditMember {
  constructor(
    private readonly acting: ActOnMember,
    private readonly members: Members,
    private readonly accounts: AccountsFacade,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws as `ActOnMember` does; ProfileOfTheirOwn, and UsernameTaken, which stays on record. */
  async execute(by: Principal, id: string, change: ProfileChange): Promise<MemberView> {
    try {
      return await this.edit(by, id, change);
    } catch (error) {
      if (error instanceof UsernameTaken) await this.work.run(() => this.events.append(memberUpdateRefused(by, id)));
      throw error;
    }
  }

  private edit(by: Principal, id: string, change: ProfileChange): Promise<MemberView> {
    return this.acting.execute(
      by,
      id,
      { event: MEMBER_UPDATED, toOneself: 'allowed' },
      async ({ tenantId, userId, ...member }): Promise<MemberView | ProfileOfTheirOwn> => {
        // Nobody joins an account that is held to another tenant.
        await this.accounts.hold(userId);
        if (await this.members.belongsElsewhere(tenantId, userId)) return new ProfileOfTheirOwn();
        const { user, changed } = await this.accounts.edit(userId, change);
        if (changed.length > 0) await this.events.append(memberUpdated(by, userId, changed));
        const status = user.status === 'active' ? member.status : user.status;
        return { ...user, status, roles: member.roles };
      },
    );
  }
}
