/** One business decision: one transaction, one instant. A run inside a run joins it. */
export abstract class UnitOfWork {
  /**
   * Commits when `work` returns and rolls everything back when it throws. So a refusal that must leave a trace is
   * returned from `work` and thrown after it. Nothing slow or remote belongs inside: no hashing, no mail, no HTTP. Where
   * another transaction was in the way (a deadlock, a row that is gone meanwhile), it is rolled back and `work` called anew:
   * so `work` changes nothing but the database.
   */
  abstract run<T>(work: (now: Date) => Promise<T>): Promise<T>;

  /** As `run`, and at most one at a time for a name, over all processes on this database. */
  abstract runAlone<T>(name: string, work: (now: Date) => Promise<T>): Promise<T>;

  /**
   * What `work` asks and writes is over the rows of all tenants, whoever is calling: for what concerns an account and not a
   * tenant. Within the running unit of work, or around what `work` does by itself.
   */
  abstract overAllTenants<T>(work: () => Promise<T>): Promise<T>;

  /**
   * Runs `action` once the running unit of work has been committed, before its `run` returns; never, if it is rolled
   * back. For what this process remembers, which must not change before the database has. Outside one: at once.
   */
  abstract afterCommit(action: () => void): void;
}
