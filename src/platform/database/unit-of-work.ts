/** One business decision: one transaction, one instant. A run inside a run joins it. */
export abstract class UnitOfWork {
  /**
   * Commits when `work` returns and rolls everything back when it throws. So a refusal that must leave a trace is
   * returned from `work` and thrown after it. Nothing slow or remote belongs inside: no hashing, no mail, no HTTP.
   */
  abstract run<T>(work: (now: Date) => Promise<T>): Promise<T>;

  /** As `run`, and at most one at a time for a name, over all processes on this database. */
  abstract runAlone<T>(name: string, work: (now: Date) => Promise<T>): Promise<T>;
}
