/**
 * Up to where the log is settled: no event with a lower number can still appear. Numbers are given before the commit, so a
 * transaction that still writes may hold one that others have passed.
 */
export type Horizon = {
  readonly settled: number;
  /** Once none of these writers writes any more, everything up to `through` is settled. */
  readonly waiting: { readonly through: number; readonly writers: readonly string[] } | null;
};

export const NOTHING_SETTLED: Horizon = { settled: 0, waiting: null };

/** What one look finds: the highest number that can be seen and, read after it, who is writing. */
export type Look = { readonly newest: number; readonly writers: readonly string[] };

export function afterLook({ settled, waiting }: Horizon, { newest, writers }: Look): Horizon {
  if (writers.length === 0) return { settled: newest, waiting: null };
  // A database that was put back has fewer events than were settled.
  const before = Math.min(settled, newest);
  if (waiting?.writers.some((writer) => writers.includes(writer))) return { settled: before, waiting };
  return { settled: Math.min(waiting?.through ?? before, newest), waiting: { through: newest, writers } };
}
