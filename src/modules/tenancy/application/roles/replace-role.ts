import { Injectable } from '@nestjs/common';
import { DomainError, NotFound } from '../../../../kernel/domain-error';
import { isUuid, roleId, type RoleId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import type { RoleDefinition } from '../../domain/built-in-roles';
import { difference, isOwn, type OwnRole, type RoleState } from '../../domain/role';
import { RoleBuiltIn, RoleNameTaken } from '../../domain/role-errors';
import { ROLE_UPDATED, roleChangeRefused, roleUpdated } from '../../role.events';
import { RolesOfPolicy } from './roles-of-policy';
import { RoleRights } from './role-rights';
import { Roles } from './roles.port';

/** Changes a role of the caller's tenant, and so what everybody may who holds it. A change of nothing leaves no trace. */
@Injectable()
export class ReplaceRole {
  constructor(
    private readonly roles: Roles,
    private readonly rights: RoleRights,
    private readonly policy: RolesOfPolicy,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws NotFound; RoleBuiltIn, RoleAboveOwnRights, NoLongerMember and RoleNameTaken, which stay on record. */
  async execute(by: Principal, id: string, input: RoleDefinition): Promise<RoleState> {
    if (!isUuid(id)) throw new NotFound();
    const outcome = await this.work.run((now) => this.decide(by, roleId(id), input, now));
    // Refused only after the commit, so that the attempt stays on record.
    if (outcome instanceof DomainError) throw outcome;
    return outcome;
  }

  private async decide(by: Principal, id: RoleId, input: RoleDefinition, now: Date): Promise<RoleState | DomainError> {
    await this.rights.hold(by);
    const role = await this.roles.take(by.tenantId, id);
    if (!role) return new NotFound();
    if (!isOwn(role)) {
      await this.events.append(roleChangeRefused(by, ROLE_UPDATED, role, 'built_in'));
      return new RoleBuiltIn();
    }
    const concerned = [...role.permissions, ...input.permissions];
    return (await this.rights.refusalOf(by, role.name, concerned)) ?? this.replace(by, role, input, now);
  }

  private async replace(
    by: Principal,
    role: OwnRole,
    { name, description, permissions }: RoleDefinition,
    now: Date,
  ): Promise<RoleState | DomainError> {
    const next = { ...role, name, description, permissions, updatedAt: now };
    const change = difference(role, next);
    if (change.fields.length === 0) return role;
    if (!(await this.roles.save(next))) {
      await this.events.append(roleChangeRefused(by, ROLE_UPDATED, role, 'name_taken'));
      return new RoleNameTaken();
    }
    if (name !== role.name) await this.policy.rename(by, role.name, name, now);
    await this.events.append(roleUpdated(by, role, next, change));
    return next;
  }
}
