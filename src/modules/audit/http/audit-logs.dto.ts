import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, Matches } from 'class-validator';
import { pageOf } from '../../../platform/http/page-query.dto';
import type { AuditEventView, AuditPage, AuditPageRequest } from '../application/audit-queries';
import { AuditFilterQuery } from './audit-filter.dto';

export class AuditLogsQuery extends AuditFilterQuery {
  /** Items on a page, 1 to 100. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 100, default: 20, required: false })
  @IsOptional()
  @Matches(/^([1-9]\d?|100)$/, { message: 'This field must be a whole number from 1 to 100.' })
  limit?: string;

  /** `next_cursor` of the page before. */
  @IsOptional()
  @IsString()
  @Matches(/^[1-9]\d{0,17}$/)
  cursor?: string;

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
  /** Given before the event is committed: near the order of time, not always in it, and with gaps. */
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
  /** null on the last page. Where a filter is slow to find, a page before it may hold fewer items than its limit. */
  next_cursor!: string | null;

  static from(page: AuditPage): AuditLogsResponse {
    const items = page.items.map((event) => AuditEventResponse.from(event));
    return Object.assign(new AuditLogsResponse(), { items, next_cursor: page.nextCursor });
  }
}
