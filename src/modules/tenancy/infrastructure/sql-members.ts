import { Injectable } from '@nestjs/common';
import { tenantId as asTenantId, type RoleId, type TenantId, type UserId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { type GrantableRole, type Member, Members } from '../application/members/members.port';
import { OWNER } from '../domain/built-in-roles';
import type { MemberStatus } from '../domain/member-status';
import { MembershipRoleRow, MembershipRow } from './membership.row';
import { orNotFound } from './or-not-found';

/** Owners in force: members `m` who hold the built-in role `r`, of accounts in force. */
const OWNERS = `memberships m
  JOIN membership_roles mr ON mr.tenant_id = m.tenant_id AND mr.user_id = m.user_id
  JOIN roles r ON r.id = mr.role_id AND r.tenant_id IS NULL AND r.name = '${OWNER}'
  JOIN users u ON u.id = m.user_id AND u.status = 'active'`;

/** Whether a tenant `t` lets in whoever belongs to it by `o`. */
const LETS_IN = `o.status = 'active' AND t.status = 'active'`;

@Injectable()
export class SqlMembers extends Members {
  constructor(private readonly database: Database) {
    super();
  }

  async holdTenant(tenantId: TenantId): Promise<void> {
    // Sessions, keys and memberships refer to the row; nobody who makes one need wait.
    await this.database.writer.query('SELECT FROM tenants WHERE id = $1 FOR NO KEY UPDATE', [tenantId]);
  }

  async take(tenantId: TenantId, userId: UserId): Promise<Member | null> {
    const [found] = await this.database.writer.query<
      { status: MemberStatus; roles: string[]; permissions: string[] }[]
    >(
      `SELECT m.status,
              ARRAY(SELECT r.name FROM membership_roles mr JOIN roles r ON r.id = mr.role_id
                    WHERE mr.tenant_id = m.tenant_id AND mr.user_id = m.user_id ORDER BY r.name) AS roles,
              ARRAY(SELECT DISTINCT p FROM membership_roles mr JOIN roles r ON r.id = mr.role_id, unnest(r.permissions) p
                    WHERE mr.tenant_id = m.tenant_id AND mr.user_id = m.user_id ORDER BY p) AS permissions
       FROM memberships m WHERE m.tenant_id = $1 AND m.user_id = $2 FOR UPDATE OF m`,
      [tenantId, userId],
    );
    return found ? { tenantId, userId, ...found } : null;
  }

  async add(tenantId: TenantId, userId: UserId, roleId: RoleId, at: Date): Promise<void> {
    await orNotFound(this.database.writer.insert(MembershipRow, { tenantId, userId, createdAt: at }));
    await orNotFound(this.database.writer.insert(MembershipRoleRow, { tenantId, userId, roleId, grantedAt: at }));
  }

  async setRoles(tenantId: TenantId, userId: UserId, roles: readonly RoleId[], at: Date): Promise<void> {
    await this.database.writer.query(
      'DELETE FROM membership_roles WHERE tenant_id = $1 AND user_id = $2 AND role_id <> ALL ($3::uuid[])',
      [tenantId, userId, roles],
    );
    await this.database.writer.query(
      `INSERT INTO membership_roles (tenant_id, user_id, role_id, granted_at)
       SELECT $1, $2, role_id, $4 FROM unnest($3::uuid[]) role_id
       ON CONFLICT ON CONSTRAINT membership_roles_pkey DO NOTHING`,
      [tenantId, userId, roles, at],
    );
  }

  async setStatus(tenantId: TenantId, userId: UserId, status: MemberStatus): Promise<void> {
    await this.database.writer.update(MembershipRow, { tenantId, userId }, { status });
  }

  async remove(tenantId: TenantId, userId: UserId): Promise<void> {
    await this.database.writer.delete(MembershipRow, { tenantId, userId });
  }

  async belongsElsewhere(tenantId: TenantId, userId: UserId): Promise<boolean> {
    const found = await this.database.acrossTenants.reader.query<unknown[]>(
      'SELECT 1 FROM memberships WHERE user_id = $2 AND tenant_id <> $1 LIMIT 1',
      [tenantId, userId],
    );
    return found.length > 0;
  }

  async isBoundElsewhere(tenantId: TenantId, userId: UserId): Promise<boolean> {
    const found = await this.database.acrossTenants.reader.query<unknown[]>(
      `SELECT 1 FROM memberships m JOIN tenants t ON t.id = m.tenant_id
       WHERE m.user_id = $2 AND m.tenant_id <> $1
         AND (t.kind <> 'personal' OR t.second_factor_required OR t.second_factor_required_of <> '{}'
              OR EXISTS (SELECT FROM memberships o WHERE o.tenant_id = t.id AND o.user_id <> $2))
       LIMIT 1`,
      [tenantId, userId],
    );
    return found.length > 0;
  }

  async isLetInElsewhere(tenantId: TenantId, userId: UserId): Promise<boolean> {
    const found = await this.database.acrossTenants.reader.query<unknown[]>(
      `SELECT 1 FROM memberships o JOIN tenants t ON t.id = o.tenant_id
       WHERE o.user_id = $2 AND o.tenant_id <> $1 AND ${LETS_IN} LIMIT 1`,
      [tenantId, userId],
    );
    return found.length > 0;
  }

  async letInNowhereElse(tenantId: TenantId): Promise<readonly UserId[]> {
    const found = await this.database.acrossTenants.reader.query<{ user_id: UserId }[]>(
      `SELECT m.user_id FROM memberships m
       WHERE m.tenant_id = $1 AND NOT EXISTS (
         SELECT FROM memberships o JOIN tenants t ON t.id = o.tenant_id
         WHERE o.user_id = m.user_id AND o.tenant_id <> $1 AND ${LETS_IN})
       ORDER BY m.user_id`,
      [tenantId],
    );
    return found.map(({ user_id: user }) => user);
  }

  async someOf(tenantId: TenantId, limit: number): Promise<readonly UserId[]> {
    const found = await this.database.reader.query<{ user_id: UserId }[]>(
      'SELECT user_id FROM memberships WHERE tenant_id = $1 ORDER BY user_id LIMIT $2',
      [tenantId, limit],
    );
    return found.map(({ user_id: user }) => user);
  }

  async tenantsOf(userId: UserId): Promise<readonly TenantId[]> {
    const found = await this.database.acrossTenants.reader.query<{ tenant_id: string }[]>(
      'SELECT tenant_id FROM memberships WHERE user_id = $1 ORDER BY tenant_id',
      [userId],
    );
    return found.map(({ tenant_id: tenant }) => asTenantId(tenant));
  }

  async hasOthers(tenantId: TenantId, userId: UserId): Promise<boolean> {
    const found = await this.database.reader.query<unknown[]>(
      'SELECT 1 FROM memberships WHERE tenant_id = $1 AND user_id <> $2 LIMIT 1',
      [tenantId, userId],
    );
    return found.length > 0;
  }

  async ownersOf(tenantId: TenantId): Promise<readonly UserId[]> {
    const found = await this.database.reader.query<{ user_id: UserId }[]>(
      `SELECT m.user_id FROM ${OWNERS} WHERE m.tenant_id = $1 AND m.status = 'active'`,
      [tenantId],
    );
    return found.map(({ user_id: owner }) => owner);
  }

  async findRole(tenantId: TenantId, name: string): Promise<GrantableRole | null> {
    const [found] = await this.database.reader.query<GrantableRole[]>(
      `SELECT id, name, permissions FROM roles
       WHERE name = $2 AND (tenant_id IS NULL OR tenant_id = $1) ORDER BY tenant_id NULLS FIRST LIMIT 1`,
      [tenantId, name],
    );
    return found ?? null;
  }
}
