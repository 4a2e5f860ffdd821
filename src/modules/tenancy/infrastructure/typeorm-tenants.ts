import { Injectable } from '@nestjs/common';
import { tenantId, type TenantId, type UserId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { violatedUnique } from '../../../platform/database/failures';
import { Tenants } from '../application/tenants.port';
import type { RoleDefinition } from '../domain/built-in-roles';
import type { TenantRecord, TenantState } from '../domain/tenant';
import { SlugTaken } from '../domain/tenant-errors';
import { orNotFound } from './or-not-found';
import { RoleRow } from './role.row';
import { TenantRow } from './tenant.row';

@Injectable()
export class TypeOrmTenants extends Tenants {
  constructor(private readonly database: Database) {
    super();
  }

  async add({ id, name, slug, kind, status, createdAt, updatedAt }: TenantState): Promise<boolean> {
    const added = await this.database.acrossTenants.writer.query<unknown[]>(
      `INSERT INTO tenants (id, name, slug, kind, status, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT ON CONSTRAINT tenants_slug_unique DO NOTHING RETURNING id`,
      [id, name, slug, kind, status, createdAt, updatedAt],
    );
    return added.length > 0;
  }

  async take(id: TenantId): Promise<TenantRecord | null> {
    const lock = { mode: 'for_no_key_update' } as const;
    return recordOf(await this.database.writer.findOne(TenantRow, { where: { id }, lock }));
  }

  async save({ id, name, slug, status, purgeAfter, updatedAt }: TenantRecord): Promise<void> {
    try {
      await this.database.writer.update(TenantRow, { id }, { name, slug, status, purgeAfter, updatedAt });
    } catch (error) {
      if (violatedUnique(error) === 'tenants_slug_unique') throw new SlugTaken({ cause: error });
      throw error;
    }
  }

  async dueToPurge(now: Date, limit: number): Promise<readonly TenantId[]> {
    const due = await this.database.reader.query<{ id: string }[]>(
      `SELECT id FROM tenants WHERE status = 'deleted' AND purge_after <= $1 ORDER BY purge_after, id LIMIT $2`,
      [now, limit],
    );
    return due.map(({ id }) => tenantId(id));
  }

  async takeDue(id: TenantId, now: Date): Promise<boolean> {
    const due = await this.database.writer.query<unknown[]>(
      `SELECT FROM tenants WHERE id = $1 AND status = 'deleted' AND purge_after <= $2 FOR UPDATE SKIP LOCKED`,
      [id, now],
    );
    return due.length > 0;
  }

  async holdInvitations(id: TenantId): Promise<void> {
    await this.database.writer.query('SELECT FROM invitations WHERE tenant_id = $1 ORDER BY id FOR UPDATE', [id]);
  }

  isDeleted(id: TenantId): Promise<boolean> {
    return this.database.reader.existsBy(TenantRow, { id, status: 'deleted' });
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

  async makeShared(id: TenantId, name: string, slug: string, at: Date): Promise<boolean> {
    const shared = { name, slug, kind: 'organization', updatedAt: at } as const;
    const { affected } = await this.database.writer.update(TenantRow, { id, kind: 'personal' }, shared);
    return affected === 1;
  }

  async remove(id: TenantId): Promise<void> {
    const { writer } = this.database;
    await writer.delete(RoleRow, { tenantId: id });
    await writer.delete(TenantRow, { id });
  }

  async addMember(tenant: TenantId, user: UserId, role: string, at: Date): Promise<void> {
    const { writer } = this.database.acrossTenants;
    const adding = writer.query(
      `INSERT INTO memberships (tenant_id, user_id, created_at) VALUES ($1, $2, $3)
       ON CONFLICT ON CONSTRAINT memberships_pkey DO NOTHING`,
      [tenant, user, at],
    );
    await orNotFound(adding);
    const granted = await writer.query<unknown[]>(
      `INSERT INTO membership_roles (tenant_id, user_id, role_id, granted_at)
       SELECT $1, $2, id, $4 FROM roles WHERE name = $3 AND (tenant_id IS NULL OR tenant_id = $1)
       ORDER BY tenant_id NULLS FIRST LIMIT 1
       ON CONFLICT ON CONSTRAINT membership_roles_pkey DO UPDATE SET granted_at = membership_roles.granted_at
       RETURNING role_id`,
      [tenant, user, role, at],
    );
    if (granted.length === 0) throw new Error(`There is no role ${role}: the built-in ones come with "doorward seed"`);
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

function recordOf(row: TenantRow | null): TenantRecord | null {
  if (!row) return null;
  const { id, name, slug, kind, status, createdAt, updatedAt, purgeAfter } = row;
  return { id, name, slug, kind, status, createdAt, updatedAt, purgeAfter };
}
