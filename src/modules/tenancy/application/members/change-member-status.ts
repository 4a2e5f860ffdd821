import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import { EventLog } from '../../../../platform/events/event-log';
import { LastOwner, StatusContradicted } from '../../domain/member-errors';
import { afterChange, type StatusChange } from '../../domain/member-status';
import { memberStatusChanged, STATUS_EVENTS } from '../../member.events';
import { ActOnMember } from './act-on-member';
import { LastOwners } from './last-owners';
import { Members } from './members.port';

/**
 * Locks, disables and enables members of the caller's tenant; in the user's other tenants nothing changes. Who is not
 * active has no session left here, and the user's keys of this tenant rest until they are again.
 */
@Injectable()
export class ChangeMemberStatus {
  constructor(
    private readonly acting: ActOnMember,
    private readonly members: Members,
    private readonly lastOwners: LastOwners,
    private readonly events: EventLog,
  ) {}

  /** Doing it again changes nothing. Throws as `ActOnMember` does; StatusContradicted and LastOwner. */
  async execute(by: Principal, id: string, change: Exclude<StatusChange, 'unlock'>): Promise<void> {
    await this.acting.execute(by, id, { event: STATUS_EVENTS[change], toOneself: 'refused' }, async (member) => {
      const { tenantId, userId } = member;
      const outcome = afterChange(member.status, change);
      if (outcome.kind === 'contradicted') return new StatusContradicted(member.status);
      if (outcome.kind === 'unchanged') return null;
      if (outcome.status !== 'active' && (await this.lastOwners.includes(tenantId, userId))) return new LastOwner();
      await this.members.setStatus(tenantId, userId, outcome.status);
      await this.events.append(memberStatusChanged(by, member, change));
      return null;
    });
  }
}
