import type { Violation } from '../../../../kernel/domain-error';
import { DAY_SECONDS, later } from '../later';

const USUAL_DAYS = 90;
/** Unless the tenant has decided otherwise. */
const MOST_DAYS = 365;

const daysAfter = (now: Date, days: number): Date => later(now, days * DAY_SECONDS);

/**
 * When a key made now ends, if nobody says otherwise.
 * @param maxDays what the tenant allows; null: it says nothing
 */
export function usualExpiry(now: Date, maxDays: number | null): Date {
  return daysAfter(now, Math.min(USUAL_DAYS, maxDays ?? MOST_DAYS));
}

/** When a key ends that takes the place of another: it lives as long as that was made for, as far as the tenant allows. */
export function successorExpiry(lifetimeMs: number, now: Date, maxDays: number | null): Date {
  const wanted = now.getTime() + lifetimeMs;
  return new Date(Math.min(wanted, daysAfter(now, maxDays ?? MOST_DAYS).getTime()));
}

/** What is wrong with the end wanted for a key made now; nothing when it is in the future and not too many days away. */
export function expiryViolations(expiresAt: Date, now: Date, maxDays: number | null): Violation[] {
  const mostDays = maxDays ?? MOST_DAYS;
  const violation = (code: string, message: string): Violation => ({ field: 'expires_at', code, message });
  if (expiresAt <= now) return [violation('EXPIRY_PAST', 'This time must be in the future.')];
  if (expiresAt <= daysAfter(now, mostDays)) return [];
  return [violation('EXPIRY_TOO_FAR', `This time must be at most ${mostDays} days away.`)];
}
