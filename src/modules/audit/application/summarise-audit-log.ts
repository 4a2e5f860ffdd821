import { Injectable } from '@nestjs/common';
import { ValidationFailed } from '../../../kernel/domain-error';
import { Clock } from '../../../platform/time/clock';
import { type SummarySpan, summarySpanOf, type WantedSummary } from '../domain/summary-span';
import { AuditCounts, type DailyCount } from './audit-counts.port';
import type { LogSubject } from './audit-queries';

export type Summary = { readonly span: SummarySpan; readonly items: readonly DailyCount[] };

/** What plots are drawn from. It tells nothing of anybody, so that it was asked for is no event. */
@Injectable()
export class SummariseAuditLog {
  constructor(
    private readonly counts: AuditCounts,
    private readonly clock: Clock,
  ) {}

  /** Throws ValidationFailed. */
  async execute(subject: LogSubject, wanted: WantedSummary): Promise<Summary> {
    const span = summarySpanOf(wanted, this.clock.now());
    if (!('from' in span)) throw new ValidationFailed(span);
    return { span, items: await this.counts.daily(subject, span) };
  }
}
