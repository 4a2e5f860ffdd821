import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../kernel/ids';
import { ClaimQuota } from './application/limits/claim-quota';
import type { Countable } from './domain/limits/tenant-limits';

export { orOnRecord } from './application/limits/or-on-record';
export { QuotaExceeded } from './domain/limits/limits-errors';
export type { Countable };

/** How much of everything a tenant may have. */
@Injectable()
export class QuotasFacade {
  constructor(private readonly claiming: ClaimQuota) {}

  /**
   * Sees to it, within the caller's unit of work and before it adds one, that one more is allowed: holds the tenant, so
   * that of many at once no more get in than there is room for. Throws QuotaExceeded. Tenants come before memberships
   * and users (ADR 25).
   */
  claim(tenant: TenantId, what: Countable): Promise<void> {
    return this.claiming.execute(tenant, what);
  }
}
