import type { FailureKind } from './delivery-failure';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const FIRST_DELAY_MS = 10 * SECOND_MS;
const LONGEST_DELAY_MS = HOUR_MS;
const TRIED_FOR_MS = 24 * HOUR_MS;
/** "No such user" is mostly true, and sometimes a mail server whose directory is away, or one that is set up wrongly. */
const DELAYS_AFTER_REFUSAL_MS = [600 * SECOND_MS, HOUR_MS];

/** What is known of the attempts to send a message. */
export type Tries = {
  /** When it was written, or somebody asked for it to be tried anew. */
  readonly since: Date;
  readonly failures: number;
  /** Those of the failures that were meant for good. */
  readonly refusals: number;
  /** When it helps nobody any more, as a code that has ended; null: never. */
  readonly uselessAfter: Date | null;
};

/** One more attempt failed for the message's own sake. */
export function afterFailure(tries: Tries, kind: FailureKind): Tries {
  return { ...tries, failures: tries.failures + 1, refusals: tries.refusals + (kind === 'refused' ? 1 : 0) };
}

/** Whether a message comes too late. */
export function isUseless(uselessAfter: Date | null, now: Date): boolean {
  return uselessAfter !== null && uselessAfter <= now;
}

/**
 * When a message is tried again that failed at `now`. Null: it is given up.
 *
 * Usually after ten seconds, then twice as long each time up to an hour, for the last time after 24 hours. One that was
 * refused for good waits ten minutes, then an hour, and is given up at the third refusal. One that would come too late is
 * given up at once.
 */
export function nextAttempt({ since, failures, refusals, uselessAfter }: Tries, now: Date): Date | null {
  const end = since.getTime() + TRIED_FOR_MS;
  const delay = delayAfter(failures, refusals);
  if (now.getTime() >= end || delay === null) return null;
  const next = new Date(Math.min(now.getTime() + delay, end));
  return isUseless(uselessAfter, next) ? null : next;
}

function delayAfter(failures: number, refusals: number): number | null {
  if (refusals > 0) return DELAYS_AFTER_REFUSAL_MS[refusals - 1] ?? null;
  return Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), LONGEST_DELAY_MS);
}
