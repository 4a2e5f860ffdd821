import { Injectable } from '@nestjs/common';
import { NotFound, ValidationFailed } from '../../../../kernel/domain-error';
import type { TenantId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { Clock } from '../../../../platform/time/clock';
import { dayOf, spanOf, type WantedSpan } from '../../domain/limits/usage';
import { Quotas } from './quotas.port';
import { reachable } from '../tenants/reachable-tenant';
import { type Usage, UsageStore } from './usage-store.port';
import { WriteUsage } from './write-usage';

/** What tenants have used. */
@Injectable()
export class UsageQueries {
  constructor(
    private readonly store: UsageStore,
    private readonly quotas: Quotas,
    private readonly writing: WriteUsage,
    private readonly clock: Clock,
  ) {}

  /** Throws NotFound, of tenants out of the caller's reach too, and ValidationFailed. */
  of(by: Principal, id: string, wanted: WantedSpan): Promise<Usage> {
    return this.ofTenant(reachable(by, id), wanted);
  }

  /** For operators. Throws likewise. What this process has counted is written before it is read, if it can be. */
  async ofTenant(tenantId: TenantId, wanted: WantedSpan): Promise<Usage> {
    const now = this.clock.now();
    const span = spanOf(wanted, now);
    if (!('from' in span)) throw new ValidationFailed(span);
    if (!(await this.quotas.find(tenantId))) throw new NotFound();
    await this.writing.execute().catch(() => undefined);
    const periods = await this.store.periods(tenantId, span);
    return { tenantId, span, periods, holdings: await this.quotas.holdings(tenantId, now), today: dayOf(now) };
  }
}
