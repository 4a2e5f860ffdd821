import type { UserId } from '../../../kernel/ids';
import type { Familiarity, Place } from '../domain/familiar-place';

export type { Familiarity, Place };

/** Where from accounts have signed in, as long as it is remembered. */
export abstract class FamiliarPlaces {
  /** What is remembered of the account seen from the place; takes as long for an account that is nobody's. */
  abstract recall(account: string, place: Place, now: Date): Promise<Familiarity>;

  /**
   * The user signed in from there, within the caller's unit of work; nothing comes of it for an account that is nobody's.
   * Holds the user, so it comes before whatever is taken after a user, such as a session.
   */
  abstract remember(account: string, place: Place, now: Date): Promise<void>;

  /** Nothing is known of the account any more: who signed in to it so far need not have been its owner. */
  abstract forget(user: UserId): Promise<void>;

  /** Removes up to so many of what was seen at that instant or before, waiting for nobody. Returns how many. */
  abstract removeForgotten(seenUntil: Date, limit: number): Promise<number>;
}
