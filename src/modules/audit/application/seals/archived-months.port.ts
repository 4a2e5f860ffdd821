/** A month whose events are in files. */
export type ArchivedMonth = {
  /** Its first day (UTC). */
  readonly month: string;
  /** The last seal of it that is archived. */
  readonly throughSeal: number;
  /** ISO 8601, UTC. */
  readonly archivedAt: string;
};

const DAY_MS = 86_400_000;

/**
 * Whether an event of a month that is sealed at an instant comes too late to be believed: the month is in files, and what
 * is in it may be put into the log once more with a new number. Whoever wrote at the end of the month has a day.
 */
export function comesTooLate(months: readonly ArchivedMonth[], month: string, sealedAt: Date): boolean {
  const end = new Date(month);
  end.setUTCMonth(end.getUTCMonth() + 1);
  return (
    sealedAt.getTime() > end.getTime() + DAY_MS &&
    months.some((archived) => archived.month === month && new Date(archived.archivedAt) <= sealedAt)
  );
}

export abstract class ArchivedMonths {
  /** Those whose record is signed by a key of ours; what is not is not believed. */
  abstract list(): Promise<readonly ArchivedMonth[]>;
}
