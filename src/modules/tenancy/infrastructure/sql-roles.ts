import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { NotFound } from '../../../kernel/domain-error';
import type { RoleId, TenantId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { violatedReference } from '../../../platform/database/failures';
import { Roles } from '../application/roles/roles.port';
import type { OwnRole, RoleState } from '../domain/role';
import type { RoleUses } from '../domain/role-errors';
import { RoleRow } from './role.row';

/** Another role of tenant $1, or a built-in one, is called $3; the role itself is $2. */
const NAME_TAKEN = `EXISTS (SELECT FROM roles WHERE name = $3 AND id <> $2 AND (tenant_id IS NULL OR tenant_id = $1))`;

@Injectable()
export class SqlRoles extends Roles {
  constructor(private readonly database: Database) {
    super();
  }

  async take(tenantId: TenantId, id: RoleId): Promise<RoleState | null> {
    const lock = { mode: 'pessimistic_write' } as const;
    const own = await this.database.writer.findOne(RoleRow, { where: { tenantId, id }, lock });
    // Built-in roles are everybody's: nobody who looks at one makes others wait.
    return own ?? this.database.reader.findOneBy(RoleRow, { tenantId: IsNull(), id });
  }

  async add({ id, tenantId, name, description, permissions, createdAt, updatedAt }: OwnRole): Promise<boolean> {
    try {
      const added = await this.database.writer.query<unknown[]>(
        `INSERT INTO roles (tenant_id, id, name, description, permissions, created_at, updated_at)
         SELECT $1, $2, $3, $4, $5, $6, $7 WHERE NOT ${NAME_TAKEN}
         ON CONFLICT (tenant_id, name) WHERE tenant_id IS NOT NULL DO NOTHING RETURNING id`,
        [tenantId, id, name, description, permissions, createdAt, updatedAt],
      );
      return added.length > 0;
    } catch (error) {
      if (violatedReference(error) === 'roles_tenant') throw new NotFound({ cause: error });
      throw error;
    }
  }

  async save({ id, tenantId, name, description, permissions, updatedAt }: OwnRole): Promise<boolean> {
    const saved = await this.database.writer.query<[unknown[], number]>(
      `UPDATE roles SET name = $3, description = $4, permissions = $5, updated_at = $6
       WHERE tenant_id = $1 AND id = $2 AND NOT ${NAME_TAKEN}`,
      [tenantId, id, name, description, permissions, updatedAt],
    );
    return saved[1] > 0;
  }

  async holdInvitations(tenantId: TenantId, id: RoleId): Promise<void> {
    // In one order for everybody who takes several.
    await this.database.writer.query(
      'SELECT FROM invitations WHERE tenant_id = $1 AND role_id = $2 ORDER BY id FOR UPDATE',
      [tenantId, id],
    );
  }

  async usesOf(tenantId: TenantId, id: RoleId, now: Date): Promise<RoleUses> {
    const [uses] = await this.database.reader.query<RoleUses[]>(
      `SELECT (SELECT count(*)::int FROM membership_roles WHERE tenant_id = $1 AND role_id = $2) AS members,
              (SELECT count(*)::int FROM invitations
               WHERE tenant_id = $1 AND role_id = $2
                 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $3) AS invitations`,
      [tenantId, id, now],
    );
    return uses ?? { members: 0, invitations: 0 };
  }

  async remove(tenantId: TenantId, id: RoleId): Promise<void> {
    await this.database.writer.delete(RoleRow, { tenantId, id });
  }
}
