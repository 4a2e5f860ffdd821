import type { UserId } from '../../../kernel/ids';
import type { Factor } from '../domain/factor';
import type { FactorGuesses } from '../domain/factor-guesses';
import type { FactorType } from '../domain/method';

/**
 * The store of second factors and of the wrong codes shown for them. Whoever checks a code or changes a factor takes the
 * account first, and is alone with its factors until the unit of work ends.
 */
export abstract class Factors {
  /** Holds all that is kept of the second factors of an account, and says how often it was guessed at. */
  abstract take(user: UserId): Promise<FactorGuesses>;

  abstract saveGuesses(guesses: FactorGuesses): Promise<void>;

  /** As `take`, holding nothing. */
  abstract guessesOf(user: UserId): Promise<FactorGuesses>;

  /** Those that are confirmed, in the order of `FACTOR_TYPES`. Throws SealBroken when one was moved or altered. */
  abstract confirmedOf(user: UserId): Promise<readonly Factor[]>;

  /** The confirmed one of a kind, opening no other; null: there is none. Throws SealBroken likewise. */
  abstract confirmedOne(user: UserId, type: FactorType): Promise<Factor | null>;

  /** The kinds of those that are confirmed, in the same order, opening nothing. */
  abstract typesOf(user: UserId): Promise<readonly FactorType[]>;

  /** The numbers of confirmed telephones, in E.164, but those that do not open. */
  abstract numbersOf(user: UserId): Promise<readonly string[]>;

  /** All of them, those being set up too, in the order in which they were begun. Of one that does not open the secret is null. */
  abstract allOf(user: UserId): Promise<readonly Factor[]>;

  /** The one of a kind that is being set up; null: none, or too long ago. Holds it. */
  abstract beingSetUp(user: UserId, type: FactorType, now: Date): Promise<Factor | null>;

  /** A factor to be confirmed, in the place of an older one that never was. */
  abstract begin(factor: Factor): Promise<void>;

  /** A factor that has just been confirmed, in the place of the one of its kind there was. Returns whether there was. */
  abstract confirm(factor: Factor): Promise<boolean>;

  /** Uses a time step of a factor up; false when that one, or a later one, was used before (RFC 6238, 5.2). */
  abstract spend(factor: Factor, step: number): Promise<boolean>;

  /** What happened to a confirmed factor: its label, its last use, and until when it is held. */
  abstract save(factor: Factor): Promise<void>;

  /** Takes away the confirmed one of a kind, and one being set up. Returns whether there was a confirmed one. */
  abstract remove(user: UserId, type: FactorType): Promise<boolean>;

  /** Takes away all of a user, wrong codes and all. Returns the kinds of those that were confirmed. */
  abstract removeAll(user: UserId): Promise<readonly FactorType[]>;

  /** Forgets up to `limit` that were begun before that instant and never confirmed. Returns how many. */
  abstract removeAbandoned(before: Date, limit: number): Promise<number>;
}
