import type { Violation } from '../../../kernel/domain-error';

/** A day in UTC, as `2026-11-21`. */
export type Day = string;

/** Both days belong to it. */
export type SummarySpan = { readonly from: Day; readonly to: Day };

export type WantedSummary = { readonly from: Day | null; readonly to: Day | null };

const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d\d-\d\d$/;
/** Years are counted from 1: PostgreSQL has no year 0. */
const FIRST_DAY: Day = '0001-01-01';
/** Days looked back on when nobody says from when. */
const USUAL_DAYS = 30;
const MOST_DAYS = 366;

/** The span somebody asks for; what they leave out: the last 30 days. Or what is wrong with it. */
export function summarySpanOf(wanted: WantedSummary, now: Date): SummarySpan | readonly Violation[] {
  const to = wanted.to ?? dayOf(now);
  if (!isDay(to)) return [violation('to', 'Use a day such as 2026-11-21.')];
  const from = wanted.from ?? dayOf(new Date(Date.parse(to) - (USUAL_DAYS - 1) * DAY_MS));
  // Who says only where it ends may end it too early.
  if (!isDay(from)) return [violation(wanted.from === null ? 'to' : 'from', 'Use a day such as 2026-11-21.')];
  if (from > to) return [violation('from', 'Must not be after to.')];
  if (daysOf({ from, to }) > MOST_DAYS) return [violation('from', `Ask for no more than ${MOST_DAYS} days at once.`)];
  return { from, to };
}

function dayOf(at: Date): Day {
  return at.toISOString().slice(0, 10);
}

function isDay(text: string): boolean {
  // JavaScript reads the 30th of February as the 2nd of March.
  return DAY.test(text) && text >= FIRST_DAY && !Number.isNaN(Date.parse(text)) && dayOf(new Date(text)) === text;
}

function daysOf({ from, to }: SummarySpan): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
}

function violation(field: string, message: string): Violation {
  return { field, code: 'FIELD_INVALID', message };
}
