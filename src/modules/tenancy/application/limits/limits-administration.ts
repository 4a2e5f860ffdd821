import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../../kernel/domain-error';
import type { TenantId } from '../../../../kernel/ids';
import type { Principal } from '../../../../kernel/principal';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import {
  changedLimits,
  type Holdings,
  type Spent,
  type TenantLimits,
  type TenantLimitsChange,
} from '../../domain/limits/tenant-limits';
import { tenantLimitsChanged } from '../../limits.events';
import { DailyStandings } from './daily-standings';
import { Quotas } from './quotas.port';
import { reachable } from '../tenants/reachable-tenant';
import { TenantAuthority } from '../tenants/tenant-authority';

/** What operators allow a tenant, and what it has of it. */
export type LimitsView = { readonly limits: TenantLimits; readonly used: Holdings & Spent };

/** The limits of tenants: members read their own, system administrators and operators change them. */
@Injectable()
export class LimitsAdministration {
  constructor(
    private readonly quotas: Quotas,
    private readonly standings: DailyStandings,
    private readonly authority: TenantAuthority,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws NotFound, of tenants out of the caller's reach too. */
  get(by: Principal, id: string): Promise<LimitsView> {
    return this.of(reachable(by, id));
  }

  /** For operators. Throws NotFound. Not within a unit of work. */
  async of(tenant: TenantId): Promise<LimitsView> {
    const limits = await this.quotas.find(tenant);
    if (!limits) throw new NotFound();
    const holdings = await this.work.run((now) => this.quotas.holdings(tenant, now));
    return { limits, used: { ...holdings, ...(await this.spentBy(tenant)) } };
  }

  /** Puts all limits in the place of those there are. Throws NotFound; NeedsSystemAdministrator, which stays on record. */
  async replace(by: Principal, id: string, limits: TenantLimits): Promise<LimitsView> {
    const tenant = reachable(by, id);
    await this.change(tenant, limits, by);
    return this.of(tenant);
  }

  /** For operators: what is left out stays. Throws NotFound. Nothing is taken away from who has more already. */
  async changeAsOperator(tenant: TenantId, change: TenantLimitsChange): Promise<LimitsView> {
    await this.change(tenant, change, null);
    return this.of(tenant);
  }

  /** `by` null: an operator. */
  private async change(tenant: TenantId, change: TenantLimitsChange, by: Principal | null): Promise<void> {
    const refusal = await this.work.run(async (now) => {
      const present = await this.quotas.take(tenant);
      if (!present) return new NotFound();
      const refused = by && (await this.authority.refusalOfTenants(by, tenant));
      if (refused) return refused;
      const { limits, fields } = changedLimits(present, change);
      if (fields.length === 0) return null;
      await this.quotas.save(tenant, limits, now);
      await this.events.append(tenantLimitsChanged(by?.userId ?? null, tenant, present, limits, fields));
      this.work.afterCommit(() => {
        this.standings.forget(tenant);
      });
      return null;
    });
    // Refused only after the commit, so that the attempt stays on record.
    if (refusal) throw refusal;
  }

  private async spentBy(tenant: TenantId): Promise<Spent> {
    const standing = await this.standings.of(tenant);
    const used = (what: keyof Spent): number => this.standings.roomFor(tenant, standing, what).used;
    return { requests: used('requests'), mails: used('mails'), sms: used('sms') };
  }
}
