import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches } from 'class-validator';
import type { Usage, UsagePeriod } from '../../application/limits/usage-store.port';
import { type Granularity, isPeriodOf, type WantedSpan } from '../../domain/limits/usage';

const DAY = /^\d{4}-\d\d-\d\d$/;

/** In the order of the contract: the compiler gives those of a union in an order of its own. */
const GRANULARITIES: readonly Granularity[] = ['day', 'month'];

export class UsageQuery {
  /**
   * The first day, in UTC; left out: 29 days before the last one.
   * @example "2026-11-01"
   */
  @IsOptional()
  @IsString()
  @Matches(DAY, { message: 'Use a day such as 2026-11-21.' })
  from?: string;

  /**
   * The last day, in UTC; left out: today.
   * @example "2026-11-30"
   */
  @IsOptional()
  @IsString()
  @Matches(DAY, { message: 'Use a day such as 2026-11-21.' })
  to?: string;

  /** Whether the counts are of days or of months; of a month only the days from the first to the last are counted. */
  @IsOptional()
  @IsIn(GRANULARITIES)
  granularity?: Granularity;

  /** As which the answer comes; left out: as the Accept header says. */
  @IsOptional()
  @IsIn(['json', 'csv'])
  format?: 'json' | 'csv';

  static spanOf({ from, to, granularity }: UsageQuery): WantedSpan {
    return { from: from ?? null, to: to ?? null, granularity: granularity ?? null };
  }
}

/** What a tenant used in a day or a month. */
export class UsagePeriodResponse {
  /**
   * A day in UTC, or a month.
   * @example "2026-11-21"
   */
  period!: string;
  /** With a good credential of the tenant. */
  requests!: number;
  sign_ins!: number;
  /** Users who signed in or used a session; each once, however often. */
  active_users!: number;
  /** Mails the tenant had sent. */
  mails!: number;
  /** Text messages the tenant had sent. */
  sms!: number;
  /**
   * Members as they are now; null for periods that are over.
   * @example 17
   */
  users!: number | null;
  /**
   * Keys in force as they are now; null for periods that are over.
   * @example 3
   */
  api_keys!: number | null;

  static from(counted: UsagePeriod, { holdings, today }: Usage): UsagePeriodResponse {
    const isNow = isPeriodOf(counted.period, today);
    return Object.assign(new UsagePeriodResponse(), {
      period: counted.period,
      requests: counted.requests,
      sign_ins: counted.sign_ins,
      active_users: counted.activeUsers,
      mails: counted.mails,
      sms: counted.sms,
      users: isNow ? holdings.users : null,
      api_keys: isNow ? holdings.api_keys : null,
    });
  }
}

/** Counts are written some seconds after what they count. */
export class UsageResponse {
  tenant_id!: string;
  /** @example "2026-11-01" */
  from!: string;
  /** @example "2026-11-30" */
  to!: string;
  @ApiProperty({ enum: [...GRANULARITIES], example: 'day' })
  granularity!: Granularity;
  /** Every period from the first to the last, those in which nothing was too. */
  items!: UsagePeriodResponse[];

  static from(usage: Usage): UsageResponse {
    const { from, to, granularity } = usage.span;
    const items = usage.periods.map((period) => UsagePeriodResponse.from(period, usage));
    return Object.assign(new UsageResponse(), { tenant_id: usage.tenantId, from, to, granularity, items });
  }
}
