import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import type { LimitsView } from '../../application/limits/limits-administration';
import type { TenantLimits } from '../../domain/limits/tenant-limits';

const MOST = 2_147_483_647;

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
