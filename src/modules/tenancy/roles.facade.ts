import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../kernel/ids';
import { UnitOfWork } from '../../platform/database/unit-of-work';
import { AddRole } from './application/roles/add-role';
import { RoleHolders } from './application/roles/role-holders';
import { type RolePage, type RolePageRequest, RoleQueries } from './application/roles/role-queries';
import { SeedBuiltInRoles } from './application/seed-built-in-roles';
import type { RoleDefinition } from './domain/built-in-roles';
import type { RoleState } from './domain/role';
import { RoleNameTaken } from './domain/role-errors';

export { RoleRequest } from './http/roles.dto';
export type { RolePage, RoleState };

/** All that the rest of the system, and operators, may ask about roles. Plain data in, plain data out. */
@Injectable()
export class RolesFacade {
  constructor(
    private readonly queries: RoleQueries,
    private readonly adding: AddRole,
    private readonly holders: RoleHolders,
    private readonly seeding: SeedBuiltInRoles,
    private readonly work: UnitOfWork,
  ) {}

  /** Returns the names of the built-in roles that were added or brought up to date. */
  seedBuiltIn(): Promise<readonly string[]> {
    return this.seeding.execute();
  }

  /** The built-in roles and the tenant's own, in the order they were made. */
  list(tenant: TenantId, page: RolePageRequest): Promise<RolePage> {
    return this.queries.list(tenant, page);
  }

  /** Makes a role of a tenant, whatever it grants. Throws RoleNameTaken, QuotaExceeded. */
  async create(tenant: TenantId, role: RoleDefinition): Promise<RoleState> {
    const created = await this.work.run((now) => this.adding.execute(tenant, null, role, now));
    if (!created) throw new RoleNameTaken();
    return created;
  }

  /** False: they hold it already. Throws NotFound unless the user is a member; ValidationFailed for a role there is not. */
  grant(tenant: TenantId, user: UserId, role: string): Promise<boolean> {
    return this.holders.grant(tenant, user, role);
  }

  /** False: they do not hold it. Throws as `grant` does; LastOwner, LastRole. */
  revoke(tenant: TenantId, user: UserId, role: string): Promise<boolean> {
    return this.holders.revoke(tenant, user, role);
  }
}
