import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, IsNull } from 'typeorm';
import type { RoleId, TenantId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { type InvitableRole, InvitationRoles } from '../application/invitations/invitation-roles.port';
import { RoleRow } from './role.row';

/** The built-in roles, which every tenant has: members can hold no others yet. */
const BUILT_IN = { tenantId: IsNull() };

@Injectable()
export class TypeOrmInvitationRoles extends InvitationRoles {
  constructor(private readonly database: Database) {
    super();
  }

  named(_tenantId: TenantId, name: string): Promise<InvitableRole | null> {
    return this.one({ name, ...BUILT_IN });
  }

  find(_tenantId: TenantId, id: RoleId): Promise<InvitableRole | null> {
    return this.one({ id, ...BUILT_IN });
  }

  private async one(where: FindOptionsWhere<RoleRow>): Promise<InvitableRole | null> {
    const row = await this.database.reader.findOneBy(RoleRow, where);
    return row && { id: row.id, name: row.name, permissions: row.permissions };
  }
}
