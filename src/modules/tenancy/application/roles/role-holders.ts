import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import type { TenantId, UserId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { OWNER } from '../../domain/built-in-roles';
import { LastOwner } from '../../domain/member-errors';
import { LastRole } from '../../domain/role-errors';
import { unknownRole } from '../../domain/unknown-role';
import { LastOwners } from '../members/last-owners';
import { MemberRoles } from '../members/member-roles';
import { type GrantableRole, type Member, Members } from '../members/members.port';

const OPERATOR = { userId: null };

/** Gives members roles and takes them away, as an operator: whatever the role grants. */
@Injectable()
export class RoleHolders {
  constructor(
    private readonly members: Members,
    private readonly roles: MemberRoles,
    private readonly lastOwners: LastOwners,
    private readonly work: UnitOfWork,
  ) {}

  /** False: they hold it already. Throws NotFound unless the user is a member; ValidationFailed for a role there is not. */
  grant(tenantId: TenantId, user: UserId, name: string): Promise<boolean> {
    return this.work.run(async (now) => {
      const { role, member } = await this.take(tenantId, user, name);
      if (member.roles.includes(role.name)) return false;
      await this.replace(member, [...member.roles, role.name], now);
      return true;
    });
  }

  /** False: they do not hold it. Throws as `grant` does; LastOwner, LastRole. */
  revoke(tenantId: TenantId, user: UserId, name: string): Promise<boolean> {
    return this.work.run(async (now) => {
      const { role, member } = await this.take(tenantId, user, name);
      if (!member.roles.includes(role.name)) return false;
      if (role.name === OWNER && (await this.lastOwners.includes(tenantId, user))) throw new LastOwner();
      if (member.roles.length === 1) throw new LastRole();
      await this.replace(
        member,
        member.roles.filter((held) => held !== role.name),
        now,
      );
      return true;
    });
  }

  private async replace(member: Member, names: readonly string[], now: Date): Promise<void> {
    const roles = await this.roles.find(member.tenantId, names);
    if (!roles) throw new Error('A role that is held is not there');
    await this.roles.replace(OPERATOR, member, roles, now);
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
