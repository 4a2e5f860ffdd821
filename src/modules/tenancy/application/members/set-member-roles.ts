import { Injectable } from '@nestjs/common';
import type { DomainError } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { EventLog } from '../../../../platform/events/event-log';
import { OWNER } from '../../domain/built-in-roles';
import { AboveOwnRights, LastOwner } from '../../domain/member-errors';
import { beyond } from '../../domain/permission';
import { unknownRole } from '../../domain/unknown-role';
import { ROLE_GRANTED, roleAboveRefused } from '../../member.events';
import { ActOnMember } from './act-on-member';
import { ActorRights } from './actor-rights';
import { LastOwners } from './last-owners';
import { MemberRoles } from './member-roles';
import type { GrantableRole, Member } from './members.port';

/**
 * Says which roles a member of the tenant holds. What the member may do changes in open sessions too; none of them ends, for
 * what a session may do is looked up and not written into it.
 */
@Injectable()
export class SetMemberRoles {
  constructor(
    private readonly acting: ActOnMember,
    private readonly rights: ActorRights,
    private readonly roles: MemberRoles,
    private readonly lastOwners: LastOwners,
    private readonly events: EventLog,
  ) {}

  /**
   * Throws as `ActOnMember` does; ValidationFailed for a role there is not; AboveOwnRights for one that may do more;
   * LastOwner.
   */
  async execute(by: Principal, id: string, names: readonly string[]): Promise<void> {
    const rules = { event: ROLE_GRANTED, toOneself: 'allowed' } as const;
    await this.acting.execute(by, id, rules, async (member, _account, now) => {
      const roles = await this.roles.find(by.tenantId, names);
      if (!roles) return unknownRole('roles');
      const refusal = (await this.aboveRights(by, roles)) ?? (await this.ownerless(member, names));
      if (refusal) return refusal;
      await this.roles.replace(by, member, roles, now);
      return null;
    });
  }

  /** Nobody grants what they do not hold at this moment. */
  private async aboveRights(by: Principal, roles: readonly GrantableRole[]): Promise<DomainError | null> {
    const held = (await this.rights.of(by))?.permissions ?? [];
    for (const role of roles) {
      const missing = beyond(held, role.permissions);
      if (missing.length === 0) continue;
      await this.events.append(roleAboveRefused(by, role.name, missing));
      return new AboveOwnRights();
    }
    return null;
  }

  private async ownerless({ tenantId, userId }: Member, names: readonly string[]): Promise<DomainError | null> {
    if (names.includes(OWNER)) return null;
    return (await this.lastOwners.includes(tenantId, userId)) ? new LastOwner() : null;
  }
}
