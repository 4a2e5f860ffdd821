import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import type { LimitsView } from '../../application/limits/limits-administration';
import type { Usage, UsagePeriod } from '../../application/limits/usage-store.port';
import type { TenantLimits } from '../../domain/limits/tenant-limits';
import { type Granularity, isPeriodOf, type WantedSpan } from '../../domain/limits/usage';

const MOST = 2_147_483_647;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** A whole number, or null: as many as the tenant likes. */
const Limit = (most = MOST): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: 'integer', minimum: 0, maximum: most, nullable: true, required: false, example: 100 }),
    IsOptional(),
    IsInt(),
    Min(0),
    Max(most),
  );

/** Takes the place of all limits there are. What is left out, or null, is not limited. */
export class TenantLimitsRequest {
  /** Members, whatever their status. */
  @Limit()
  max_users?: number | null;

  /** API keys that are neither revoked nor expired. */
  @Limit()
  max_api_keys?: number | null;

  /** Roles of the tenant's own. */
  @Limit()
  max_roles?: number | null;

  /** Requests with a credential of the tenant, in a day in UTC. */
  @Limit(Number.MAX_SAFE_INTEGER)
  max_requests_per_day?: number | null;

  /** Mails the tenant has sent: invitations, codes, proofs of addresses. */
  @Limit()
  max_mails_per_day?: number | null;

  /** Text messages the tenant has sent. */
  @Limit()
  max_sms_per_day?: number | null;

  static limitsOf(body: TenantLimitsRequest): TenantLimits {
    return {
      maxUsers: body.max_users ?? null,
      maxApiKeys: body.max_api_keys ?? null,
      maxRoles: body.max_roles ?? null,
      maxRequestsPerDay: body.max_requests_per_day ?? null,
      maxMailsPerDay: body.max_mails_per_day ?? null,
      maxSmsPerDay: body.max_sms_per_day ?? null,
    };
  }
}

/** How much of it there is. */
export class UsedResponse {
  /** @example 17 */
  users!: number;
  /** @example 3 */
  api_keys!: number;
  /** @example 2 */
  roles!: number;
  /** @example 1204 */
  requests_today!: number;
  /** @example 12 */
  mails_today!: number;
  /** @example 0 */
  sms_today!: number;
}

/** What operators allow the tenant, and what it has of it. null: as much as it likes. */
export class TenantLimitsResponse {
  /** @example 100 */
  max_users!: number | null;
  /** @example 10 */
  max_api_keys!: number | null;
  /** @example null */
  max_roles!: number | null;
  /** @example 1000000 */
  max_requests_per_day!: number | null;
  /** @example 500 */
  max_mails_per_day!: number | null;
  /** @example null */
  max_sms_per_day!: number | null;
  used!: UsedResponse;

  static from({ limits, used }: LimitsView): TenantLimitsResponse {
    return Object.assign(new TenantLimitsResponse(), {
      max_users: limits.maxUsers,
      max_api_keys: limits.maxApiKeys,
      max_roles: limits.maxRoles,
      max_requests_per_day: limits.maxRequestsPerDay,
      max_mails_per_day: limits.maxMailsPerDay,
      max_sms_per_day: limits.maxSmsPerDay,
      used: Object.assign(new UsedResponse(), {
        users: used.users,
        api_keys: used.api_keys,
        roles: used.roles,
        requests_today: used.requests,
        mails_today: used.mails,
        sms_today: used.sms,
      }),
    });
  }
}

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
  @IsIn(['day', 'month'])
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
  /** @example "day" */
  granularity!: Granularity;
  /** Every period from the first to the last, those in which nothing was too. */
  items!: UsagePeriodResponse[];

  static from(usage: Usage): UsageResponse {
    const { from, to, granularity } = usage.span;
    const items = usage.periods.map((period) => UsagePeriodResponse.from(period, usage));
    return Object.assign(new UsageResponse(), { tenant_id: usage.tenantId, from, to, granularity, items });
  }
}
