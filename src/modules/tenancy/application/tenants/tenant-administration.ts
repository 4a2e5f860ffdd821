import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../../kernel/principal';
import type { TenantRecord } from '../../domain/tenant';
import { ChangeTenantStatus } from './change-tenant-status';
import { reachable } from './reachable-tenant';
import { TenantAuthority } from './tenant-authority';

/** What callers do to whole tenants. Another tenant is as good as none; system administrators reach all. */
@Injectable()
export class TenantAdministration {
  constructor(
    private readonly changing: ChangeTenantStatus,
    private readonly authority: TenantAuthority,
  ) {}

  /** Throws as `ChangeTenantStatus` does, and NeedsSystemAdministrator. */
  async suspend(by: Principal, id: string, reason: string | null): Promise<TenantRecord> {
    return this.decide(by, id, 'suspend', reason);
  }

  /** Brings back a suspended tenant, or a deleted one within its grace. Throws likewise. */
  async reactivate(by: Principal, id: string): Promise<TenantRecord> {
    return this.decide(by, id, 'reactivate', null);
  }

  /** By its owners, and by system administrators. Throws as `ChangeTenantStatus` does, and NoLongerPermitted. */
  async delete(by: Principal, id: string): Promise<void> {
    const tenant = reachable(by, id);
    const refusal = this.authority.refusalOf.bind(this.authority, by, tenant, 'tenant:delete');
    await this.changing.execute(tenant, { change: 'delete', by: by.userId, reason: null, refusal });
  }

  private async decide(
    by: Principal,
    id: string,
    change: 'suspend' | 'reactivate',
    reason: string | null,
  ): Promise<TenantRecord> {
    const tenant = reachable(by, id);
    const refusal = this.authority.refusalOfTenants.bind(this.authority, by, tenant);
    return this.changing.execute(tenant, { change, by: by.userId, reason, refusal });
  }
}
