import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import type { RoleId, TenantId, UserId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { type RolePage, type RolePageRequest, RoleQueries } from '../application/roles/role-queries';
import type { RoleState } from '../domain/role';
import type { HeldRole } from '../domain/verdict';
import { RoleRow } from './role.row';

@Injectable()
export class SqlRoleQueries extends RoleQueries {
  constructor(private readonly database: Database) {
    super();
  }

  find(tenantId: TenantId, id: RoleId): Promise<RoleState | null> {
    const where = [
      { tenantId, id },
      { tenantId: IsNull(), id },
    ];
    return this.database.reader.findOneBy(RoleRow, where);
  }

  async list(tenantId: TenantId, { limit, cursor }: RolePageRequest): Promise<RolePage> {
    const found = await this.database.read((manager) =>
      manager
        .createQueryBuilder(RoleRow, 'role')
        .where('(role.tenant_id IS NULL OR role.tenant_id = :tenantId)', { tenantId })
        .andWhere('(CAST(:cursor AS uuid) IS NULL OR role.id > :cursor)', { cursor })
        .orderBy('role.id')
        .limit(limit + 1)
        .getMany(),
    );
    const items = found.slice(0, limit);
    return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  heldBy(tenantId: TenantId, user: UserId): Promise<readonly HeldRole[]> {
    return this.database.reader.query<HeldRole[]>(
      `SELECT r.name, r.permissions
       FROM memberships m
       JOIN users u ON u.id = m.user_id AND u.status = 'active'
       JOIN tenants t ON t.id = m.tenant_id AND t.status = 'active'
       JOIN membership_roles mr ON mr.tenant_id = m.tenant_id AND mr.user_id = m.user_id
       JOIN roles r ON r.id = mr.role_id
       WHERE m.tenant_id = $1 AND m.user_id = $2 AND m.status = 'active' ORDER BY r.name, r.id`,
      [tenantId, user],
    );
  }
}
