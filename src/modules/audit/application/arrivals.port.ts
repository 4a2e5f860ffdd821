import type { AuditEventView, AuditFilter, AuditSubject } from './audit-queries';

/** Events as they come, each once. */
export abstract class Follower {
  /**
   * Those that have come since it was asked last, in the order of their sequences; of a transaction that ends late too,
   * though its numbers are lower than those that were shown.
   */
  abstract next(): Promise<readonly AuditEventView[]>;

  /** Whether it will not come any more: it was there when this began, or was shown. */
  abstract hasSeen(sequence: string): boolean;
}

/** Whoever wants to see events as they come. */
export abstract class Arrivals {
  /** From now on. */
  abstract follow(subject: AuditSubject, filter: AuditFilter): Promise<Follower>;
}
