const FIRST_DELAY_MS = 10_000;
const LONGEST_DELAY_MS = 3_600_000;
const TRIED_FOR_MS = 24 * 3_600_000;

/**
 * When a mail that failed at `now`, for the `attempts`th time, is tried again: after ten seconds, then twice as long
 * each time up to an hour, for the last time 24 hours after it was written. Null: it is given up.
 */
export function nextAttempt(writtenAt: Date, attempts: number, now: Date): Date | null {
  const end = writtenAt.getTime() + TRIED_FOR_MS;
  if (now.getTime() >= end) return null;
  const delay = Math.min(FIRST_DELAY_MS * 2 ** (attempts - 1), LONGEST_DELAY_MS);
  return new Date(Math.min(now.getTime() + delay, end));
}
