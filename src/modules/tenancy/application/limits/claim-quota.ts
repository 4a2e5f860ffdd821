import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { QuotaExceeded } from '../../domain/limits/limits-errors';
import { type Countable, isSpent, limitOf, NO_LIMITS } from '../../domain/limits/tenant-limits';
import { Quotas } from './quotas.port';

/** Lets a tenant have one more of something, or not. Within the caller's unit of work, which adds it. */
@Injectable()
export class ClaimQuota {
  constructor(
    private readonly quotas: Quotas,
    private readonly work: UnitOfWork,
  ) {}

  /**
   * Holds the tenant where there is a limit, so that of many at once no more get in than there is room for: nobody counts
   * before the one in front has committed. Throws QuotaExceeded.
   */
  execute(tenant: TenantId, what: Countable): Promise<void> {
    return this.work.run(async (now) => {
      // Where nothing is limited nobody waits for anybody.
      if (limitOf((await this.quotas.find(tenant)) ?? NO_LIMITS, what) === null) return;
      const limit = limitOf((await this.quotas.take(tenant)) ?? NO_LIMITS, what);
      if (limit !== null && isSpent(limit, await this.quotas.count(tenant, what, now))) throw new QuotaExceeded(what);
    });
  }
}
