import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsIP, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { IsInstant } from '../../../platform/http/is-instant';
import { pageOf, PageQuery } from '../../../platform/http/page-query.dto';
import { canonicalAddress } from '../../../platform/network/address';
import type { AuditEventView, AuditFilter, AuditPage, AuditPageRequest } from '../application/audit-queries';

export class AuditLogsQuery extends PageQuery {
  /** Among one's own events: one's own id, or nothing is found. */
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

  /** `next_cursor` of the page before. */
  @IsOptional()
  @IsString()
  @Matches(/^[1-9]\d{0,17}$/)
  cursor?: string;

  static filterOf(query: AuditLogsQuery): AuditFilter {
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

  static pageOf(query: AuditLogsQuery): AuditPageRequest {
    const { limit, cursor } = pageOf(query, (sequence) => sequence);
    return { limit, before: cursor };
  }
}

export class AuditTarget {
  /** @example "session" */
  type!: string;
  id!: string;
}

export class AuditEventResponse {
  id!: string;
  /** Rises with time; with gaps. */
  sequence!: number;
  occurred_at!: string;
  tenant_id!: string | null;
  user_id!: string | null;
  /** @example "user" */
  actor!: string;
  /** The user who acted, where one is known; of an API key, its owner. */
  actor_id!: string | null;
  /** The API key it was done with. */
  api_key_id!: string | null;
  /** @example "auth.login" */
  action!: string;
  outcome!: 'success' | 'failure';
  target!: AuditTarget | null;
  ip_address!: string | null;
  user_agent!: string | null;
  request_id!: string | null;
  /** 0 (usual) to 100. */
  risk_score!: number;
  details!: Record<string, unknown>;

  static from(event: AuditEventView): AuditEventResponse {
    return Object.assign(new AuditEventResponse(), {
      id: event.id,
      sequence: Number(event.sequence),
      occurred_at: event.occurredAt,
      tenant_id: event.tenantId,
      user_id: event.userId,
      actor: event.actor,
      actor_id: event.actorId,
      api_key_id: event.apiKeyId,
      action: event.action,
      outcome: event.outcome,
      target: event.target && Object.assign(new AuditTarget(), { type: event.target.type, id: event.target.id }),
      ip_address: event.ipAddress,
      user_agent: event.userAgent,
      request_id: event.requestId,
      risk_score: event.riskScore,
      details: event.details,
    });
  }
}

export class AuditLogsResponse {
  items!: AuditEventResponse[];
  /** null on the last page. */
  next_cursor!: string | null;

  static from(page: AuditPage): AuditLogsResponse {
    const items = page.items.map((event) => AuditEventResponse.from(event));
    return Object.assign(new AuditLogsResponse(), { items, next_cursor: page.nextCursor });
  }
}
