import type { Violation } from '../../../../kernel/domain-error';
import { DAY_SECONDS, later } from '../later';

const USUAL_DAYS = 90;
const MOST_DAYS = 365;

const daysAfter = (now: Date, days: number): Date => later(now, days * DAY_SECONDS);

/** When a key made now ends, if nobody says otherwise. */
export function usualExpiry(now: Date): Date {
  return daysAfter(now, USUAL_DAYS);
}

/** What is wrong with the end wanted for a key made now; nothing when it is in the future and at most 365 days away. */
export function expiryViolations(expiresAt: Date, now: Date): Violation[] {
  const violation = (code: string, message: string): Violation => ({ field: 'expires_at', code, message });
  if (expiresAt <= now) return [violation('EXPIRY_PAST', 'This time must be in the future.')];
  if (expiresAt <= daysAfter(now, MOST_DAYS)) return [];
  return [violation('EXPIRY_TOO_FAR', `This time must be at most ${MOST_DAYS} days away.`)];
}
