import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { OWNER } from '../../domain/built-in-roles';
import { LastOwner } from '../../domain/member-errors';
import { LastRole } from '../../domain/role-errors';
import { unknownRole } from '../../domain/unknown-role';
import { roleGranted, roleRevoked } from '../../member.events';
import { LastOwners } from '../members/last-owners';
import { type GrantableRole, type Member, Members } from '../members/members.port';
import { Roles } from './roles.port';

/** Gives members roles and takes them away, as an operator: whatever the role grants. */
@Injectable()
export class RoleHolders {
  constructor(
    private readonly roles: Roles,
    private readonly members: Members,
    private readonly lastOwners: LastOwners,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** False: they hold it already. Throws NotFound unless the user is a member; ValidationFailed for a role there is not. */
  grant(tenantId: TenantId, user: UserId, name: string): Promise<boolean> {
    return this.work.run(async (now) => {
      const { role } = await this.take(tenantId, user, name);
      const isNew = await this.roles.grant(tenantId, user, role.id, now);
      if (isNew) await this.events.append(roleGranted(tenantId, user, role.name, null));
      return isNew;
    });
  }

  /** False: they do not hold it. Throws as `grant` does; LastOwner, LastRole. */
  revoke(tenantId: TenantId, user: UserId, name: string): Promise<boolean> {
    return this.work.run(async () => {
      const { role, member } = await this.take(tenantId, user, name);
      if (!member.roles.includes(role.name)) return false;
      if (role.name === OWNER && (await this.lastOwners.includes(tenantId, user))) throw new LastOwner();
      if (member.roles.length === 1) throw new LastRole();
      await this.roles.revoke(tenantId, user, role.id);
      await this.events.append(roleRevoked(tenantId, user, role.name, null));
      return true;
    });
  }

  private async take(tenantId: TenantId, user: UserId, name: string): Promise<{ role: GrantableRole; member: Member }> {
    await this.members.holdTenant(tenantId);
    const role = await this.members.findRole(tenantId, name);
    if (!role) throw unknownRole('role');
    const member = await this.members.take(tenantId, user);
    if (!member) throw new NotFound();
    return { role, member };
  }
}
