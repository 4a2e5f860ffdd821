import { Injectable } from '@nestjs/common';
import { isUuid, type TenantId, tenantId, type UserId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import type { TenantDemands } from '../../identity/tenant-rules.facade';
import { type MembershipView, TenancyQueries, type TenantView } from '../application/tenancy-queries';
import type { TenantKind, TenantStatus } from '../domain/tenant';
import { TenantRow } from './tenant.row';

type Found = {
  id: string;
  name: string;
  slug: string;
  status: TenantStatus;
  second_factor_above_risk: number | null;
  ip_allowlist: string[];
  session_max_days: number | null;
  second_factor_demanded: boolean;
  roles: string[];
  permissions: string[];
};

type Demanding = {
  name: string;
  slug: string;
  kind: TenantKind;
  status: TenantStatus;
  password_history: number;
  allowed_email_domains: string[];
  second_factor_demanded: boolean;
  mail_name: string | null;
  mail_sender: string | null;
};

/** Of a member's grants `g` in tenant `t`. */
const SECOND_FACTOR_DEMANDED = '(t.second_factor_required OR t.second_factor_required_of && g.roles)';

@Injectable()
export class SqlTenancyQueries extends TenancyQueries {
  constructor(private readonly database: Database) {
    super();
  }

  async membershipOf(userId: UserId, tenant: string | null): Promise<MembershipView | null> {
    const [condition, values] =
      tenant === null ? ['true', []] : [isUuid(tenant) ? 't.id = $2' : 't.slug = $2', [tenant]];
    const [found] = await this.database.acrossTenants.reader.query<Found[]>(
      `SELECT t.id, t.name, t.slug, t.status, t.second_factor_above_risk, t.ip_allowlist, t.session_max_days,
              g.roles, g.permissions, ${SECOND_FACTOR_DEMANDED} AS second_factor_demanded
       FROM memberships m JOIN tenants t ON t.id = m.tenant_id
       JOIN member_grants g ON g.tenant_id = m.tenant_id AND g.user_id = m.user_id
       WHERE m.user_id = $1 AND m.status = 'active' AND ${condition}
       ORDER BY t.status = 'active' DESC, m.created_at, m.tenant_id LIMIT 1 FOR SHARE OF m`,
      [userId, ...values],
    );
    if (!found) return null;
    const { id, name, slug, status, roles, permissions } = found;
    return {
      tenant: {
        id: tenantId(id),
        name,
        slug,
        status,
        secondFactorAboveRisk: found.second_factor_above_risk,
        ipAllowlist: found.ip_allowlist,
        sessionMaxDays: found.session_max_days,
      },
      secondFactorDemanded: found.second_factor_demanded,
      roles,
      permissions,
    };
  }

  async find(reference: string): Promise<TenantView | null> {
    const where = isUuid(reference) ? { id: tenantId(reference) } : { slug: reference };
    const row = await this.database.reader.findOneBy(TenantRow, where);
    return row && { id: row.id, name: row.name, slug: row.slug, status: row.status };
  }

  async apiKeyMaxDaysOf(tenant: TenantId): Promise<number | null> {
    const row = await this.database.reader.findOne(TenantRow, {
      where: { id: tenant },
      select: { id: true, apiKeyMaxDays: true },
    });
    return row?.apiKeyMaxDays ?? null;
  }

  async demandsOn(userId: UserId): Promise<TenantDemands> {
    const tenants = await this.database.acrossTenants.reader.query<Demanding[]>(
      `SELECT t.name, t.slug, t.kind, t.status, t.password_history, t.allowed_email_domains, t.mail_name, t.mail_sender,
              coalesce(${SECOND_FACTOR_DEMANDED}, false) AS second_factor_demanded
       FROM memberships m JOIN tenants t ON t.id = m.tenant_id
       LEFT JOIN member_grants g ON g.tenant_id = m.tenant_id AND g.user_id = m.user_id
       WHERE m.user_id = $1 AND t.status <> 'deleted' ORDER BY m.created_at, m.tenant_id`,
      [userId],
    );
    return {
      words: tenants.flatMap(({ name, slug }) => [name, slug]),
      passwordHistory: tenants.reduce((most, tenant) => Math.max(most, tenant.password_history), 0),
      secondFactorDemanded: tenants.some(({ second_factor_demanded: demanded }) => demanded),
      emailDomains: tenants.map(({ allowed_email_domains: domains }) => domains).filter(({ length }) => length > 0),
      brand: brandOf(tenants.find(({ kind, status }) => kind === 'organization' && status === 'active')),
    };
  }
}

function brandOf(tenant: Demanding | undefined): TenantDemands['brand'] {
  if (!tenant || (tenant.mail_name === null && tenant.mail_sender === null)) return null;
  return { name: tenant.mail_name, sender: tenant.mail_sender };
}
