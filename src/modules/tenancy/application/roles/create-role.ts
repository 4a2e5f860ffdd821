import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import type { RoleDefinition } from '../../domain/built-in-roles';
import type { RoleState } from '../../domain/role';
import { RoleNameTaken } from '../../domain/role-errors';
import { ROLE_CREATED, roleChangeRefused } from '../../role.events';
import { AddRole } from './add-role';
import { RoleRights } from './role-rights';

/** Makes a role of the caller's tenant. */
@Injectable()
export class CreateRole {
  constructor(
    private readonly rights: RoleRights,
    private readonly adding: AddRole,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws RoleAboveOwnRights, NoLongerMember and RoleNameTaken, which stay on record; QuotaExceeded. */
  async execute(by: Principal, input: RoleDefinition): Promise<RoleState> {
    const outcome = await this.work.run((now) => this.decide(by, input, now));
    // Refused only after the commit, so that the attempt stays on record.
    if (outcome instanceof DomainError) throw outcome;
    return outcome;
  }

  private async decide(by: Principal, input: RoleDefinition, now: Date): Promise<RoleState | DomainError> {
    await this.rights.hold(by);
    const refusal = await this.rights.refusalOf(by, input.name, input.permissions);
    if (refusal) return refusal;
    const role = await this.adding.execute(by.tenantId, by.userId, input, now);
    if (role) return role;
    await this.events.append(roleChangeRefused(by, ROLE_CREATED, { id: null, name: input.name }, 'name_taken'));
    return new RoleNameTaken();
  }
}
