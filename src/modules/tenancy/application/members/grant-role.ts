import { Injectable } from '@nestjs/common';
import type { DomainError } from '../../../../kernel/domain-error';
import type { TenantId, UserId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { EventLog } from '../../../../platform/events/event-log';
import { AboveOwnRights, NoLongerMember } from '../../domain/member-errors';
import { beyond } from '../../domain/permission';
import { unknownRole } from '../../domain/unknown-role';
import { noLongerMemberRefused, roleAboveRefused, roleGranted } from '../../member.events';
import { ClaimQuota } from '../limits/claim-quota';
import { ActorRights } from './actor-rights';
import { type GrantableRole, Members } from './members.port';

/** Gives roles in the tenant of whoever gives them. Within the caller's unit of work. */
@Injectable()
export class GrantRole {
  constructor(
    private readonly members: Members,
    private readonly rights: ActorRights,
    private readonly events: EventLog,
    private readonly quotas: ClaimQuota,
  ) {}

  /** The role of that name, or why it is refused: nobody grants what they do not hold at this moment. */
  async find(by: Principal, name: string): Promise<GrantableRole | DomainError> {
    const actor = await this.rights.of(by);
    if (!actor) {
      await this.events.append(noLongerMemberRefused(by, null));
      return new NoLongerMember();
    }
    const role = await this.members.findRole(by.tenantId, name);
    if (!role) return unknownRole('role');
    const missing = beyond(actor.permissions, role.permissions);
    if (missing.length === 0) return role;
    await this.events.append(roleAboveRefused(by, role.name, missing));
    return new AboveOwnRights();
  }

  /** Sees to it that there is room for one more member. Joins the unit of work. Throws QuotaExceeded. */
  makeRoom(tenant: TenantId): Promise<void> {
    return this.quotas.execute(tenant, 'users');
  }

  /** Makes a user a member by it. Throws NotFound when the tenant is no more. */
  async toNewMember(by: Principal, user: UserId, role: GrantableRole, now: Date): Promise<void> {
    await this.members.add(by.tenantId, user, role.id, now);
    await this.events.append(roleGranted(by.tenantId, user, role.name, by.userId));
  }
}
