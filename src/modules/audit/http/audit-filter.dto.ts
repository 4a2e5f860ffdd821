import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsIP, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { IsInstant } from '../../../platform/http/is-instant';
import { canonicalAddress } from '../../../platform/network/address';
import type { AuditFilter } from '../application/audit-queries';

/** What narrows the events somebody asks for. */
export class AuditFilterQuery {
  /** Whose account the events concern. Among one's own events: one's own id, or nothing is found. */
  @IsOptional()
  @IsUUID()
  user_id?: string;

  /** @example "auth.login" */
  @IsOptional()
  @IsString()
  @Matches(/^[a-z_]{1,40}\.[a-z_]{1,40}$/)
  action?: string;

  @IsOptional()
  @IsIn(['success', 'failure'])
  outcome?: 'success' | 'failure';

  /** @example "203.0.113.7" */
  @IsOptional()
  @IsIP()
  ip_address?: string;

  /** Events at or after this instant. */
  @IsOptional()
  @MaxLength(40)
  @IsInstant()
  from?: string;

  /** Events before this instant. */
  @IsOptional()
  @MaxLength(40)
  @IsInstant()
  to?: string;

  @IsOptional()
  @IsString()
  @Matches(/^[\w-]{1,64}$/)
  request_id?: string;

  /** 0 to 100. */
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 100, required: false })
  @IsOptional()
  @Matches(/^(\d{1,2}|100)$/, { message: 'This field must be a whole number from 0 to 100.' })
  min_risk?: string;

  static filterOf(query: AuditFilterQuery): AuditFilter {
    return {
      userId: query.user_id?.toLowerCase(),
      action: query.action,
      outcome: query.outcome,
      // One address has many spellings; the log has one.
      ipAddress: query.ip_address && (canonicalAddress(query.ip_address) ?? query.ip_address),
      requestId: query.request_id,
      minRisk: query.min_risk === undefined ? undefined : Number(query.min_risk),
      from: query.from === undefined ? undefined : new Date(query.from),
      to: query.to === undefined ? undefined : new Date(query.to),
    };
  }
}
