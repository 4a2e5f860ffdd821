import { randomBytes, randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { tenantId, type TenantId, userId, type UserId } from '../../src/kernel/ids';

export type FullTenant = {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  /** The key of the row in each table, by its name. */
  readonly rows: Readonly<Record<TenantsTable, string>>;
};

/** How to find the row of `rows` again: a column of each table that tenants own. */
export const TENANTS_TABLES = {
  tenants: 'id',
  memberships: 'user_id',
  membership_roles: 'user_id',
  roles: 'id',
  invitations: 'id',
  api_keys: 'id',
  sessions: 'id',
  challenges: 'id',
  trusted_devices: 'id',
  registered_resources: 'tenant_id',
  tenant_limits: 'tenant_id',
  tenant_usage: 'tenant_id',
  tenant_active_users: 'user_id',
  audit_events: 'id',
  audit_daily: 'tenant_id',
} as const;

export type TenantsTable = keyof typeof TENANTS_TABLES;

/** A tenant with a member and a row in every table that tenants own, put there by the owner of the tables. */
export async function aFullTenant(source: DataSource, slug: string): Promise<FullTenant> {
  const [tenant, user, role, other] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const key = `ak_${randomBytes(16).toString('hex')}`;
  const put = async (table: string, values: Readonly<Record<string, unknown>>): Promise<void> => {
    const columns = Object.keys(values);
    const places = columns.map((_column, index) => `$${String(index + 1)}`);
    await source.query(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`,
      Object.values(values),
    );
  };
  const [now, later] = [new Date(), new Date(Date.now() + 86_400_000)];
  const [dated, born] = [{ created_at: now, updated_at: now }, { created_at: now }];
  const stamp = { security_stamp: randomUUID() };
  await put('users', {
    ...{ id: user, email: `${slug}@example.com`, email_key: `${slug}@example.com`, status: 'active' },
    ...{ system_administrator: false, password_change_required: false, ...stamp, ...dated },
  });
  await put('linked_identities', {
    ...{ id: other, user_id: user, provider: 'acme', issuer: 'https://acme.example', subject: slug, linked_at: now },
  });
  await put('tenants', { id: tenant, name: slug, slug, kind: 'organization', status: 'active', ...dated });
  await put('memberships', { tenant_id: tenant, user_id: user, ...born });
  await put('roles', { id: role, tenant_id: tenant, name: 'own', description: '', permissions: ['a:b'], ...dated });
  await put('membership_roles', { tenant_id: tenant, user_id: user, role_id: role, granted_at: now });
  await put('invitations', {
    ...{ id: other, tenant_id: tenant, role_id: role, email: 'guest@example.com', email_key: randomBytes(32) },
    ...{ invited_by: user, token_hash: randomBytes(32), code_hash: randomBytes(32), code_failures: 0, ...born },
    ...{ sent_at: now, expires_at: later, code_expires_at: later },
  });
  await put('api_keys', {
    ...{
      id: key,
      tenant_id: tenant,
      owner_id: user,
      name: 'key',
      prefix: 'dw_live_Ab3d',
      secret_hash: randomBytes(32),
    },
    ...{ permissions: ['a:b'], expires_at: later, ...born },
  });
  await put('sessions', {
    ...{ id: other, tenant_id: tenant, user_id: user, secret: randomBytes(32), generation: 1, ...stamp },
    ...{ authentication_methods: ['pwd'], authenticated_at: now, rotated_at: now, ...born },
    ...{ idle_expires_at: later, expires_at: later },
  });
  await put('challenges', {
    ...{ id: other, tenant_id: tenant, user_id: user, token_hash: randomBytes(32), ...stamp, ...born },
    ...{ authentication_methods: ['pwd'], remember_device: false, by_username: false, expires_at: later },
    ...{ risk_score: 0, risk_signals: [] },
  });
  await put('trusted_devices', {
    ...{ id: other, tenant_id: tenant, user_id: user, token_hash: randomBytes(32), name: 'Firefox', ...stamp },
    ...{ expires_at: later, ...born },
  });
  await put('registered_resources', {
    ...{ tenant_id: tenant, resource: 'ticket', description: '', actions: ['read'], ...dated },
  });
  await put('tenant_limits', { tenant_id: tenant, max_users: 5, updated_at: now });
  await put('tenant_usage', { tenant_id: tenant, day: '2026-01-01', metric: 'requests', amount: 1 });
  await put('tenant_active_users', { tenant_id: tenant, day: '2026-01-01', user_id: user });
  await put('audit_events', {
    ...{ id: other, occurred_at: now, tenant_id: tenant, user_id: user, actor: 'user', action: 'role.created' },
    ...{ outcome: 'success', risk_score: 0, details: '{}' },
  });
  await put('audit_daily', {
    day: '2026-01-01',
    tenant_id: tenant,
    action: 'role.created',
    outcome: 'success',
    count: 1,
  });
  const rows: FullTenant['rows'] = {
    ...{ tenants: tenant, memberships: user, membership_roles: user, roles: role, invitations: other, api_keys: key },
    ...{ sessions: other, challenges: other, trusted_devices: other, registered_resources: tenant },
    ...{
      tenant_limits: tenant,
      tenant_usage: tenant,
      tenant_active_users: user,
      audit_events: other,
      audit_daily: tenant,
    },
  };
  return { tenantId: tenantId(tenant), userId: userId(user), rows };
}
