import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../kernel/ids';
import { Database } from '../../../platform/database/database';
import { TenantPolicies } from '../application/tenant-policies.port';
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
  };
}
