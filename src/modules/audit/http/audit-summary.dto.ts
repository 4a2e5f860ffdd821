import { IsOptional, IsString, Matches } from 'class-validator';
import type { DailyCount } from '../application/audit-counts.port';
import type { Summary } from '../application/summarise-audit-log';
import type { WantedSummary } from '../domain/summary-span';

const DAY = /^\d{4}-\d\d-\d\d$/;

export class AuditSummaryQuery {
  /**
   * The first day, in UTC; left out: 29 days before the last one.
   * @example "2026-11-01"
   */
  @IsOptional()
  @IsString()
  @Matches(DAY, { message: 'Use a day such as 2026-11-21.' })
  from?: string;

  /**
   * The last day, in UTC; left out: today. At most 366 days.
   * @example "2026-11-30"
   */
  @IsOptional()
  @IsString()
  @Matches(DAY, { message: 'Use a day such as 2026-11-21.' })
  to?: string;

  static wantedOf({ from, to }: AuditSummaryQuery): WantedSummary {
    return { from: from ?? null, to: to ?? null };
  }
}

/** How often something happened on a day. */
export class AuditCountResponse {
  /**
   * In UTC.
   * @example "2026-11-21"
   */
  day!: string;
  /** @example "auth.login" */
  action!: string;
  outcome!: 'success' | 'failure';
  /** @example 42 */
  count!: number;

  static from({ day, action, outcome, count }: DailyCount): AuditCountResponse {
    return Object.assign(new AuditCountResponse(), { day, action, outcome, count });
  }
}

export class AuditSummaryResponse {
  /** @example "2026-11-01" */
  from!: string;
  /** @example "2026-11-30" */
  to!: string;
  /** By day, action and outcome; what did not happen is left out. */
  items!: AuditCountResponse[];

  static from({ span, items }: Summary): AuditSummaryResponse {
    const counts = items.map((item) => AuditCountResponse.from(item));
    return Object.assign(new AuditSummaryResponse(), { from: span.from, to: span.to, items: counts });
  }
}
