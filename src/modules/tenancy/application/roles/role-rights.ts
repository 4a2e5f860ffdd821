import { Injectable } from '@nestjs/common';
import type { DomainError } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { EventLog } from '../../../../platform/events/event-log';
import { NoLongerMember } from '../../domain/member-errors';
import { beyond } from '../../domain/permission';
import { RoleAboveOwnRights } from '../../domain/role-errors';
import { noLongerMemberRefused, roleAboveRefused } from '../../member.events';
import { ActorRights } from '../members/actor-rights';
import { Members } from '../members/members.port';

/** Who may change the roles of a tenant, as things are at that moment. Within the caller's unit of work. */
@Injectable()
export class RoleRights {
  constructor(
    private readonly members: Members,
    private readonly rights: ActorRights,
    private readonly events: EventLog,
  ) {}

  /** Holds the tenant: of two who change its roles, or who holds them, the second sees what the first did. */
  hold({ tenantId }: Principal): Promise<void> {
    return this.members.holdTenant(tenantId);
  }

  /**
   * null: the caller may do all that a role grants, before and after. Whoever could edit a role beyond that would gain by
   * it where they hold it, and could cut down those above them where they do not. A refusal is on record.
   */
  async refusalOf(by: Principal, role: string, permissions: readonly string[]): Promise<DomainError | null> {
    const actor = await this.rights.of(by);
    if (!actor) {
      await this.events.append(noLongerMemberRefused(by, null));
      return new NoLongerMember();
    }
    const missing = beyond(actor.permissions, [...new Set(permissions)]);
    if (missing.length === 0) return null;
    await this.events.append(roleAboveRefused(by, role, missing));
    return new RoleAboveOwnRights();
  }
}
