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
    await this.database.writer.update(TenantRow, { id }, { ...policy, updatedAt: at });
  }
}

function policyOf(row: TenantRow | null): TenantPolicy | null {
  if (!row) return null;
  const { refreshFromNewDevice, secondFactorAboveRisk, passwordHistory, mailName, mailSender } = row;
  return { refreshFromNewDevice, secondFactorAboveRisk, passwordHistory, mailName, mailSender };
}
