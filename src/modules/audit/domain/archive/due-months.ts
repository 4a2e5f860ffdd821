/** The first day of a month (UTC): `2026-01-01`. */
export type Month = string;

/** Until when months are taken out of the database: a month by name, or all that ended so long ago. */
export type Due = { readonly before: Month } | { readonly retentionSeconds: number };

export function monthOf(instant: Date): Month {
  return `${instant.toISOString().slice(0, 7)}-01`;
}

/** Where it ends, and the next one begins. */
export function endOf(month: Month): Date {
  const begins = new Date(`${month}T00:00:00.000Z`);
  return new Date(begins.setUTCMonth(begins.getUTCMonth() + 1));
}

/** The month from which on events stay. Never later than the running one: its events are still coming. */
export function firstKept(due: Due, now: Date): Month {
  const kept = 'before' in due ? due.before : monthOf(new Date(now.getTime() - due.retentionSeconds * 1000));
  const running = monthOf(now);
  return kept < running ? kept : running;
}
