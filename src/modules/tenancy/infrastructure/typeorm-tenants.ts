import { Injectable } from '@nestjs/common';
import type { TenantId, UserId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { Tenants } from '../application/tenants.port';
import type { RoleDefinition } from '../domain/built-in-roles';
import type { TenantState } from '../domain/tenant';
import { orNotFound } from './or-not-found';
import { RoleRow } from './role.row';
import { TenantRow } from './tenant.row';

@Injectable()
export class TypeOrmTenants extends Tenants {
  constructor(private readonly database: Database) {
    super();
  }

  async add({ id, name, slug, kind, status, createdAt, updatedAt }: TenantState): Promise<boolean> {
    const added = await this.database.writer.query<unknown[]>(
      `INSERT INTO tenants (id, name, slug, kind, status, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT ON CONSTRAINT tenants_slug_unique DO NOTHING RETURNING id`,
      [id, name, slug, kind, status, createdAt, updatedAt],
    );
    return added.length > 0;
  }

  async hold(id: TenantId): Promise<void> {
    await this.database.writer.query('SELECT FROM tenants WHERE id = $1 FOR UPDATE', [id]);
  }

  async hasMember(tenantId: TenantId, userId: UserId): Promise<boolean> {
    const found = await this.database.reader.query<unknown[]>(
      'SELECT FROM memberships WHERE tenant_id = $1 AND user_id = $2',
      [tenantId, userId],
    );
    return found.length > 0;
  }

  async endInvitations(id: TenantId): Promise<void> {
    // In one order for everybody who takes several.
    await this.database.writer.query(
      'DELETE FROM invitations WHERE id IN (SELECT id FROM invitations WHERE tenant_id = $1 ORDER BY id FOR UPDATE)',
      [id],
    );
  }

  async renamePersonal(id: TenantId, name: string, slug: string, at: Date): Promise<void> {
    await this.database.writer.update(TenantRow, { id, kind: 'personal' }, { name, slug, updatedAt: at });
  }

  async remove(id: TenantId): Promise<void> {
    await this.database.writer.delete(RoleRow, { tenantId: id });
    await this.database.writer.delete(TenantRow, { id });
  }

  async addMember(tenantId: TenantId, userId: UserId, builtInRole: string, at: Date): Promise<void> {
    const adding = this.database.writer.query(
      `INSERT INTO memberships (tenant_id, user_id, created_at) VALUES ($1, $2, $3)
       ON CONFLICT ON CONSTRAINT memberships_pkey DO NOTHING`,
      [tenantId, userId, at],
    );
    await orNotFound(adding);
    const granted = await this.database.writer.query<unknown[]>(
      `INSERT INTO membership_roles (tenant_id, user_id, role_id, granted_at)
       SELECT $1, $2, id, $4 FROM roles WHERE tenant_id IS NULL AND name = $3
       ON CONFLICT ON CONSTRAINT membership_roles_pkey DO UPDATE SET granted_at = membership_roles.granted_at
       RETURNING role_id`,
      [tenantId, userId, builtInRole, at],
    );
    if (granted.length === 0) throw new Error(`There is no built-in role ${builtInRole}: run "doorward seed"`);
  }

  async putBuiltInRole({ name, description, permissions }: RoleDefinition, id: string, at: Date): Promise<boolean> {
    const changed = await this.database.writer.query<unknown[]>(
      `INSERT INTO roles (id, tenant_id, name, description, permissions, created_at, updated_at)
       VALUES ($1, NULL, $2, $3, $4, $5, $5)
       ON CONFLICT (name) WHERE tenant_id IS NULL DO UPDATE
         SET description = excluded.description, permissions = excluded.permissions, updated_at = excluded.updated_at
         WHERE (roles.description, roles.permissions) IS DISTINCT FROM (excluded.description, excluded.permissions)
       RETURNING id`,
      [id, name, description, permissions, at],
    );
    return changed.length > 0;
  }
}
