export const DAY_SECONDS = 86_400;

/** The instant so many seconds after another. */
export function later(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000);
}
