import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, IsNull } from 'typeorm';
import type { RoleId, TenantId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { type InvitableRole, InvitationRoles } from '../application/invitations/invitation-roles.port';
import { RoleRow } from './role.row';

@Injectable()
export class TypeOrmInvitationRoles extends InvitationRoles {
  constructor(private readonly database: Database) {
    super();
  }

  named(tenantId: TenantId, name: string): Promise<InvitableRole | null> {
    return this.one(tenantId, { name });
  }

  find(tenantId: TenantId, id: RoleId): Promise<InvitableRole | null> {
    return this.one(tenantId, { id });
  }

  /** A built-in role, which every tenant has, or else the tenant's own. */
  private async one(tenantId: TenantId, what: FindOptionsWhere<RoleRow>): Promise<InvitableRole | null> {
    const row = await this.database.reader.findOne(RoleRow, {
      where: [
        { ...what, tenantId: IsNull() },
        { ...what, tenantId },
      ],
      order: { tenantId: { direction: 'ASC', nulls: 'FIRST' } },
    });
    return row && { id: row.id, name: row.name, permissions: row.permissions };
  }
}
