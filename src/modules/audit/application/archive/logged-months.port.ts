import type { Month } from '../../domain/archive/due-months';

/** An event as a line of an archive, and where it stands. */
export type ArchivedLine = { readonly sequence: string; readonly line: string };

/** Whoever runs this may not reshape the tables: that is their owner's. */
export class NotTheOwner extends Error {}

/** There are events in a month that were not among those archived. */
export class MonthGrew extends Error {}

/** The months of the log, each a table: what is archived goes with its table. Writes are within a unit of work. */
export abstract class LoggedMonths {
  /** Those with a table or with events, before a month; oldest first. Throws NotTheOwner. */
  abstract before(month: Month): Promise<readonly Month[]>;

  /** Gives a month a table of its own, should its events be among those of no month. */
  abstract separate(month: Month): Promise<void>;

  /** Its events by their numbers: those behind `behind`, `most` of them. */
  abstract lines(month: Month, behind: string | null, most: number): Promise<readonly ArchivedLine[]>;

  /**
   * Removes the events of a month, its table and all, within the unit of work that records it. Waits two seconds for whoever
   * uses the log. `last` is the number of the last one archived, null when there is none; throws MonthGrew when there is one
   * behind it.
   */
  abstract remove(month: Month, last: number | null): Promise<void>;
}
