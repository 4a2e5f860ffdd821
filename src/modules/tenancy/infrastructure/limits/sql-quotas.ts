import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids';
import { Database } from '../../../../platform/database/database';
import { Quotas } from '../../application/limits/quotas.port';
import type { Countable, Holdings, TenantLimits } from '../../domain/limits/tenant-limits';

type Found = {
  max_users: number | null;
  max_api_keys: number | null;
  max_roles: number | null;
  max_requests_per_day: string | null;
  max_mails_per_day: number | null;
  max_sms_per_day: number | null;
};

/** Of the tenant `$1`; of what ends by itself, at the instant `$2`. */
const COUNTS: Readonly<Record<Countable, string>> = {
  users: 'SELECT count(*) FROM memberships WHERE tenant_id = $1',
  api_keys: 'SELECT count(*) FROM api_keys WHERE tenant_id = $1 AND revoked_at IS NULL AND expires_at > $2',
  roles: 'SELECT count(*) FROM roles WHERE tenant_id = $1',
};

@Injectable()
export class SqlQuotas extends Quotas {
  constructor(private readonly database: Database) {
    super();
  }

  async find(tenant: TenantId): Promise<TenantLimits | null> {
    const [found] = await this.database.reader.query<Found[]>(
      `SELECT l.max_users, l.max_api_keys, l.max_roles, l.max_requests_per_day, l.max_mails_per_day, l.max_sms_per_day
       FROM tenants t LEFT JOIN tenant_limits l ON l.tenant_id = t.id WHERE t.id = $1`,
      [tenant],
    );
    return found ? limitsOf(found) : null;
  }

  async take(tenant: TenantId): Promise<TenantLimits | null> {
    // Sessions, keys and memberships refer to the row; nobody who makes one need wait for it.
    await this.database.writer.query('SELECT FROM tenants WHERE id = $1 FOR NO KEY UPDATE', [tenant]);
    // By a statement of its own: whoever waited above sees what the one in front has done.
    return this.find(tenant);
  }

  async save(tenant: TenantId, limits: TenantLimits, at: Date): Promise<void> {
    const { maxUsers, maxApiKeys, maxRoles, maxRequestsPerDay, maxMailsPerDay, maxSmsPerDay } = limits;
    await this.database.writer.query(
      `INSERT INTO tenant_limits (tenant_id, max_users, max_api_keys, max_roles, max_requests_per_day, max_mails_per_day,
                                  max_sms_per_day, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT ON CONSTRAINT tenant_limits_pkey DO UPDATE SET
         max_users = excluded.max_users, max_api_keys = excluded.max_api_keys, max_roles = excluded.max_roles,
         max_requests_per_day = excluded.max_requests_per_day, max_mails_per_day = excluded.max_mails_per_day,
         max_sms_per_day = excluded.max_sms_per_day, updated_at = excluded.updated_at`,
      [tenant, maxUsers, maxApiKeys, maxRoles, maxRequestsPerDay, maxMailsPerDay, maxSmsPerDay, at],
    );
  }

  async count(tenant: TenantId, what: Countable, at: Date): Promise<number> {
    const [found] = await this.database.reader.query<{ amount: number }[]>(
      `SELECT (${COUNTS[what]})::int AS amount`,
      what === 'api_keys' ? [tenant, at] : [tenant],
    );
    return found?.amount ?? 0;
  }

  async holdings(tenant: TenantId, at: Date): Promise<Holdings> {
    const counts = Object.entries(COUNTS).map(([what, sql]) => `(${sql})::int AS ${what}`);
    const [found] = await this.database.reader.query<Holdings[]>(`SELECT ${counts.join(', ')}`, [tenant, at]);
    return found ?? { users: 0, api_keys: 0, roles: 0 };
  }
}

function limitsOf(found: Found): TenantLimits {
  return {
    maxUsers: found.max_users,
    maxApiKeys: found.max_api_keys,
    maxRoles: found.max_roles,
    // The driver reads a bigint as a text.
    maxRequestsPerDay: found.max_requests_per_day === null ? null : Number(found.max_requests_per_day),
    maxMailsPerDay: found.max_mails_per_day,
    maxSmsPerDay: found.max_sms_per_day,
  };
}
