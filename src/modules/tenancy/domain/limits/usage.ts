import type { Violation } from '../../../../kernel/domain-error';
import type { TenantId, UserId } from '../../../../kernel/ids';

/** A day in UTC, as `2026-11-21`. */
export type Day = string;

export const METRICS = ['requests', 'sign_ins', 'mails', 'sms'] as const;
/** What is counted for each tenant and day. */
export type Metric = (typeof METRICS)[number];

export type UsageCount = {
  readonly tenantId: TenantId;
  readonly day: Day;
  readonly metric: Metric;
  readonly amount: number;
};

/** That a user did anything in a tenant on a day. */
export type Sighting = { readonly tenantId: TenantId; readonly day: Day; readonly userId: UserId };

export type Granularity = 'day' | 'month';

/** Both days belong to it. */
export type UsageSpan = { readonly from: Day; readonly to: Day; readonly granularity: Granularity };

const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d\d-\d\d$/;
/** Years are counted from 1: PostgreSQL has no year 0. */
const FIRST_DAY: Day = '0001-01-01';
/** Days looked back on when nobody says from when. */
const USUAL_DAYS = 30;
const MOST_PERIODS = 400;

export function dayOf(at: Date): Day {
  return at.toISOString().slice(0, 10);
}

/** Of a text that is one: a day there is. */
export function isDay(text: string): boolean {
  // JavaScript reads the 30th of February as the 2nd of March.
  return DAY.test(text) && text >= FIRST_DAY && !Number.isNaN(Date.parse(text)) && dayOf(new Date(text)) === text;
}

/** How many days before `at`, counted in days of UTC. */
export function daysBefore(at: Date, days: number): Day {
  return dayOf(new Date(at.getTime() - days * DAY_MS));
}

/** Whole seconds until the next day begins. */
export function secondsLeftOf(at: Date): number {
  return Math.ceil((DAY_MS - (at.getTime() % DAY_MS)) / 1000);
}

/** Whether the day lies in a period of the span that is called so. */
export function isPeriodOf(period: string, day: Day): boolean {
  return day.startsWith(period);
}

export type WantedSpan = {
  readonly from: Day | null;
  readonly to: Day | null;
  readonly granularity: Granularity | null;
};

/** The span somebody asks for; what they leave out: the last 30 days, day by day. Or what is wrong with it. */
export function spanOf(wanted: WantedSpan, now: Date): UsageSpan | readonly Violation[] {
  const granularity = wanted.granularity ?? 'day';
  const to = wanted.to ?? dayOf(now);
  if (!isDay(to)) return [violation('to', 'Use a day such as 2026-11-21.')];
  const from = wanted.from ?? daysBefore(new Date(to), USUAL_DAYS - 1);
  // Who says only where it ends may end it too early.
  if (!isDay(from)) return [violation(wanted.from === null ? 'to' : 'from', 'Use a day such as 2026-11-21.')];
  if (from > to) return [violation('from', 'Must not be after to.')];
  if (periodsOf({ from, to, granularity }) > MOST_PERIODS) {
    return [violation('from', `Ask for no more than ${MOST_PERIODS} periods at once.`)];
  }
  return { from, to, granularity };
}

function periodsOf({ from, to, granularity }: UsageSpan): number {
  if (granularity === 'day') return (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  const monthsOf = (day: Day): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
  return monthsOf(to) - monthsOf(from) + 1;
}

function violation(field: string, message: string): Violation {
  return { field, code: 'FIELD_INVALID', message };
}
