import type { Day, SummarySpan } from '../domain/summary-span';
import type { LogSubject } from './audit-queries';

/** How often something happened on a day in UTC. */
export type DailyCount = {
  readonly day: Day;
  readonly action: string;
  readonly outcome: 'success' | 'failure';
  readonly count: number;
};

/** How many events there were. */
export abstract class AuditCounts {
  /** By day, action and outcome, in that order; what did not happen is left out. Sealed or not, each event is counted once. */
  abstract daily(subject: LogSubject, span: SummarySpan): Promise<readonly DailyCount[]>;
}
