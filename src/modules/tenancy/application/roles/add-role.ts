import { Injectable } from '@nestjs/common';
import { roleId, type TenantId, type UserId } from '../../../../kernel/ids';
import { Random } from '../../../../platform/crypto/random';
import { EventLog } from '../../../../platform/events/event-log';
import type { RoleDefinition } from '../../domain/built-in-roles';
import type { OwnRole } from '../../domain/role';
import { QuotasFacade } from '../../quotas.facade';
import { roleCreated } from '../../role.events';
import { Roles } from './roles.port';

/** Adds a role to a tenant, which it holds from then on. Within the caller's unit of work. */
@Injectable()
export class AddRole {
  constructor(
    private readonly roles: Roles,
    private readonly quotas: QuotasFacade,
    private readonly random: Random,
    private readonly events: EventLog,
  ) {}

  /** `by` is who makes it; null: an operator. null: the name is taken. Throws QuotaExceeded, and NotFound: no such tenant. */
  async execute(
    tenantId: TenantId,
    by: UserId | null,
    { name, description, permissions }: RoleDefinition,
    now: Date,
  ): Promise<OwnRole | null> {
    await this.quotas.claim(tenantId, 'roles');
    const id = roleId(this.random.uuid(now));
    const role = { id, tenantId, name, description, permissions, createdAt: now, updatedAt: now };
    if (!(await this.roles.add(role))) return null;
    await this.events.append(roleCreated(role, by));
    return role;
  }
}
