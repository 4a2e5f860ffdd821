import type { TenantId } from '../../../../kernel/ids';
import type { Holdings, Spent, TenantLimits } from '../../domain/limits/tenant-limits';
import type { Day, Metric, Sighting, UsageCount, UsageSpan } from '../../domain/limits/usage';

export type UsageBatch = { readonly counts: readonly UsageCount[]; readonly sightings: readonly Sighting[] };

/** What a tenant may have in a day, and has had of it. */
export type DailyStanding = {
  readonly tenantId: TenantId;
  readonly limits: Pick<TenantLimits, 'maxRequestsPerDay' | 'maxMailsPerDay' | 'maxSmsPerDay'>;
  readonly spent: Spent;
};

export type UsagePeriod = Readonly<Record<Metric, number>> & {
  /** `2026-11-21`, or of months `2026-11`. */
  readonly period: string;
  /** Different ones, in all of the period. */
  readonly activeUsers: number;
};

export type Usage = {
  readonly tenantId: TenantId;
  readonly span: UsageSpan;
  /** Every period of the span, in their order. */
  readonly periods: readonly UsagePeriod[];
  /** As it is now. */
  readonly holdings: Pick<Holdings, 'users' | 'api_keys'>;
  readonly today: Day;
};

/** The store of what tenants have used. Written many counts at a time. */
export abstract class UsageStore {
  /** Adds to what is there. What is of a tenant or user that is no more is passed over. */
  abstract add(batch: UsageBatch): Promise<void>;

  /** Of tenants there are. Rows of any tenant, whoever is calling: one statement answers for all who wait. */
  abstract standings(tenants: readonly TenantId[], day: Day): Promise<readonly DailyStanding[]>;

  /** Every period of the span, those in which nothing was too. */
  abstract periods(tenant: TenantId, span: UsageSpan): Promise<readonly UsagePeriod[]>;

  /**
   * Removes up to so many counts and as many sightings of days before that one. Returns how many it was of whichever
   * were more.
   */
  abstract removeBefore(day: Day, most: number): Promise<number>;
}
