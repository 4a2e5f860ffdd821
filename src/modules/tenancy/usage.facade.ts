import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../kernel/ids';
import type { Principal } from '../../kernel/principal';
import { CountUsage } from './application/limits/count-usage';
import { LimitsAdministration, type LimitsView } from './application/limits/limits-administration';
import { UsageQueries } from './application/limits/usage-queries';
import type { Usage } from './application/limits/usage-store.port';
import type { TenantLimitsChange } from './domain/limits/tenant-limits';
import type { WantedSpan } from './domain/limits/usage';

export { TenantLimitsResponse } from './http/limits/limits.dto';
export { UsageQuery, UsageResponse } from './http/limits/usage.dto';
export { usageCsv } from './http/limits/usage-csv';
export type { LimitsView, TenantLimitsChange, Usage, WantedSpan };

/** All that the rest of the system may ask about what tenants may use, and use. Plain data in, plain data out. */
@Injectable()
export class UsageFacade {
  constructor(
    private readonly counting: CountUsage,
    private readonly limits: LimitsAdministration,
    private readonly queries: UsageQueries,
  ) {}

  /**
   * Counts a request of somebody's tenant. Throws QuotaExceeded where it may be refused and the tenant has had all it may
   * today. Not within a unit of work.
   */
  countRequest(by: Principal, mayBeRefused: boolean): Promise<void> {
    return this.counting.request(by, mayBeRefused);
  }

  /** By an operator: what is left out stays. Throws NotFound. */
  changeLimits(tenant: TenantId, change: TenantLimitsChange): Promise<LimitsView> {
    return this.limits.changeAsOperator(tenant, change);
  }

  /** For an operator. Throws NotFound, ValidationFailed. */
  usageOf(tenant: TenantId, wanted: WantedSpan): Promise<Usage> {
    return this.queries.ofTenant(tenant, wanted);
  }
}
