import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../../kernel/domain-error';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type DomainEvent, EventLog } from '../../../../platform/events/event-log';
import type { RoleDefinition } from '../../domain/built-in-roles';
import type { RoleState } from '../../domain/role';
import { RoleNameTaken } from '../../domain/role-errors';
import { ROLE_CREATED, roleChangeRefused } from '../../role.events';
import { orOnRecord } from '../limits/or-on-record';
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

  /** Throws RoleAboveOwnRights, NoLongerMember, RoleNameTaken and QuotaExceeded, which stay on record. */
  async execute(by: Principal, input: RoleDefinition): Promise<RoleState> {
    const { work, events } = this;
    const attempt = (): Promise<RoleState | DomainError> => work.run((now) => this.decide(by, input, now));
    const outcome = await orOnRecord({ work, events }, attempt, () => refusal(by, input, 'quota_exceeded'));
    // Refused only after the commit, so that the attempt stays on record.
    if (outcome instanceof DomainError) throw outcome;
    return outcome;
  }

  private async decide(by: Principal, input: RoleDefinition, now: Date): Promise<RoleState | DomainError> {
    await this.rights.hold(by);
    const refused = await this.rights.refusalOf(by, input.name, input.permissions);
    if (refused) return refused;
    const role = await this.adding.execute(by.tenantId, by.userId, input, now);
    if (role) return role;
    await this.events.append(refusal(by, input, 'name_taken'));
    return new RoleNameTaken();
  }
}

function refusal(by: Principal, { name }: RoleDefinition, reason: 'name_taken' | 'quota_exceeded'): DomainEvent {
  return roleChangeRefused(by, ROLE_CREATED, { id: null, name }, reason);
}
