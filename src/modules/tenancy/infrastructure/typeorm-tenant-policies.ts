import { Injectable } from '@nestjs/common';
import { type TenantId, tenantId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { type OpenToJoin, TenantPolicies } from '../application/tenant-policies.port';
import type { TenantPolicy } from '../domain/tenant-policy';
import { TenantRow } from './tenant.row';

@Injectable()
export class TypeOrmTenantPolicies extends TenantPolicies {
  constructor(private readonly database: Database) {
    super();
  }

  async find(id: TenantId): Promise<TenantPolicy | null> {
    return policyOf(await this.database.reader.findOneBy(TenantRow, { id }));
  }

  async take(id: TenantId): Promise<TenantPolicy | null> {
    // Sessions refer to the row; nobody who opens one need wait for a change of policy.
    const lock = { mode: 'for_no_key_update' } as const;
    return policyOf(await this.database.writer.findOne(TenantRow, { where: { id }, lock }));
  }

  async save(id: TenantId, policy: TenantPolicy, at: Date): Promise<void> {
    const lists = {
      secondFactorRequiredOf: [...policy.secondFactorRequiredOf],
      allowedEmailDomains: [...policy.allowedEmailDomains],
      ipAllowlist: [...policy.ipAllowlist],
      autoJoinProviders: [...policy.autoJoinProviders],
    };
    await this.database.writer.update(TenantRow, { id }, { ...policy, ...lists, updatedAt: at });
  }

  async unknownRoles(id: TenantId, names: readonly string[]): Promise<readonly string[]> {
    const unknown = await this.database.reader.query<{ name: string }[]>(
      `SELECT n AS name FROM unnest($2::text[]) n
       WHERE NOT EXISTS (SELECT FROM roles r WHERE r.name = n AND (r.tenant_id IS NULL OR r.tenant_id = $1))`,
      [id, names],
    );
    return unknown.map(({ name }) => name);
  }

  async takeOpenTo(provider: string, domain: string): Promise<OpenToJoin | null> {
    // One that ceases to be open while it is waited for is left out, and the next one with it: so they are asked in turn.
    const open = `status = 'active' AND auto_join_providers <> '{}' AND auto_join_providers @> ARRAY[$1::text]
                  AND allowed_email_domains @> ARRAY[$2::text]`;
    const candidates = await this.database.reader.query<{ id: string }[]>(
      `SELECT id FROM tenants WHERE ${open} ORDER BY created_at, id`,
      [provider, domain],
    );
    for (const { id } of candidates) {
      const [held] = await this.database.writer.query<{ auto_join_role: string | null }[]>(
        `SELECT auto_join_role FROM tenants WHERE ${open} AND id = $3 FOR NO KEY UPDATE`,
        [provider, domain, id],
      );
      if (held) return { tenantId: tenantId(id), role: held.auto_join_role };
    }
    return null;
  }
}

function policyOf(row: TenantRow | null): TenantPolicy | null {
  if (!row) return null;
  return {
    refreshFromNewDevice: row.refreshFromNewDevice,
    secondFactorRequired: row.secondFactorRequired,
    secondFactorRequiredOf: row.secondFactorRequiredOf,
    secondFactorAboveRisk: row.secondFactorAboveRisk,
    passwordHistory: row.passwordHistory,
    mailName: row.mailName,
    mailSender: row.mailSender,
    allowedEmailDomains: row.allowedEmailDomains,
    sessionMaxDays: row.sessionMaxDays,
    ipAllowlist: row.ipAllowlist,
    apiKeyMaxDays: row.apiKeyMaxDays,
    autoJoinProviders: row.autoJoinProviders,
    autoJoinRole: row.autoJoinRole,
  };
}
