import type { Rate } from '../config/settings';

/**
 * A bucket that holds `burst` tokens, into which `count` drip every `seconds`. All there is to know of it is the instant at
 * which it will be full again: whatever is taken puts that off. Instants and spans are whole microseconds, so that
 * every process that reckons comes to the same result.
 */

const SECOND = 1_000_000;

export type Level = {
  /** Whole tokens. */
  readonly remaining: number;
  /** Until it holds one token more than now; 0: it is full. */
  readonly nextSeconds: number;
  /** Until it is full. */
  readonly fullSeconds: number;
};

/** The instant of a bucket nothing was ever taken from, or nothing for so long that it was forgotten. */
export const UNTOUCHED = 0;

/** Microseconds from one token to the next, rounded up: never more tokens than promised. */
export function intervalOf({ count, seconds }: Rate): number {
  return Math.ceil((seconds * SECOND) / count);
}

/** Microseconds in which an empty bucket fills. */
export function capacityOf(rate: Rate): number {
  return rate.burst * intervalOf(rate);
}

/** Whole seconds, at least one, in which an empty bucket fills. */
export function fillSeconds({ count, seconds, burst }: Rate): number {
  return Math.max(1, Math.ceil((burst * seconds) / count));
}

/**
 * One token less: the instant at which the bucket will be full then, or null when there is no token. It never goes back,
 * so a replica whose clock is behind gives away nothing twice.
 */
export function take(fullAt: number, rate: Rate, now: number): number | null {
  const next = Math.max(fullAt, now) + intervalOf(rate);
  return next - now > capacityOf(rate) ? null : next;
}

/** What a bucket holds. A clock that was set back, or a rate that was lowered, leaves it owing more than it can hold. */
export function level(fullAt: number, rate: Rate, now: number): Level {
  const owed = Math.max(fullAt - now, 0);
  const interval = intervalOf(rate);
  const remaining = Math.max(rate.burst - Math.ceil(owed / interval), 0);
  const next = Math.max(owed - (rate.burst - remaining - 1) * interval, 0);
  return {
    remaining,
    nextSeconds: owed === 0 ? 0 : Math.ceil(next / SECOND),
    fullSeconds: Math.ceil(owed / SECOND),
  };
}
