/**
 * Slow hashing of passwords. Every method runs off the event loop and outside any transaction; only so many hash at once
 * and only so many wait (HASHING_CONCURRENCY, HASHING_QUEUE): beyond that each throws Overloaded.
 */
export abstract class PasswordHasher {
  /** With the algorithm and strength of the settings. Returns a PHC string. */
  abstract hash(password: string): Promise<string>;

  /** Whether the password made this hash, whichever supported algorithm that is; false for hashes it cannot read. */
  abstract verify(hash: string, password: string): Promise<boolean>;

  /** As much work as `verify`, for accounts that do not exist: time must not tell (CWE-208). */
  abstract verifyNothing(password: string): Promise<void>;

  /** False for a hash of another algorithm or of less strength than `hash` makes today. */
  abstract isCurrent(hash: string): boolean;

  /** The longest password, in bytes, that the algorithm takes in whole; null: no limit. */
  abstract readonly maxBytes: number | null;
}
