import { Injectable } from '@nestjs/common';
import { DomainError, NotFound } from '../../../../kernel/domain-error';
import { isUuid, roleId, type RoleId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { isOwn, type OwnRole } from '../../domain/role';
import { RoleBuiltIn, RoleInUse } from '../../domain/role-errors';
import { ROLE_DELETED, roleChangeRefused, roleDeleted } from '../../role.events';
import { RolesOfPolicy } from './roles-of-policy';
import { RoleRights } from './role-rights';
import { Roles } from './roles.port';

/** Deletes a role of the caller's tenant that is not in use. */
@Injectable()
export class RemoveRole {
  constructor(
    private readonly roles: Roles,
    private readonly rights: RoleRights,
    private readonly policy: RolesOfPolicy,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws NotFound; RoleBuiltIn, RoleAboveOwnRights, NoLongerMember and RoleInUse, which stay on record. */
  async execute(by: Principal, id: string): Promise<void> {
    if (!isUuid(id)) throw new NotFound();
    const refusal = await this.work.run((now) => this.decide(by, roleId(id), now));
    // Refused only after the commit, so that the attempt stays on record.
    if (refusal) throw refusal;
  }

  private async decide(by: Principal, id: RoleId, now: Date): Promise<DomainError | null> {
    await this.roles.holdInvitations(by.tenantId, id);
    await this.rights.hold(by);
    const role = await this.roles.take(by.tenantId, id);
    if (!role) return new NotFound();
    if (!isOwn(role)) {
      await this.events.append(roleChangeRefused(by, ROLE_DELETED, role, 'built_in'));
      return new RoleBuiltIn();
    }
    return (await this.rights.refusalOf(by, role.name, role.permissions)) ?? this.remove(by, role, now);
  }

  private async remove(by: Principal, role: OwnRole, now: Date): Promise<DomainError | null> {
    const uses = await this.roles.usesOf(by.tenantId, role.id, now);
    if (uses.members + uses.invitations > 0) {
      await this.events.append(roleChangeRefused(by, ROLE_DELETED, role, 'in_use'));
      return new RoleInUse(uses);
    }
    await this.roles.remove(by.tenantId, role.id);
    await this.policy.rename(by, role.name, null, now);
    await this.events.append(roleDeleted(by, role));
    return null;
  }
}
