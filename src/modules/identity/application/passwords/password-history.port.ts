import type { UserId } from '../../../../kernel/ids';

/** The store of hashes of passwords that others have taken the place of. */
export abstract class PasswordHistory {
  /** The latest first, `count` at most. */
  abstract latestOf(user: UserId, count: number): Promise<readonly string[]>;

  /**
   * Adds a hash, and forgets all of the user's but the latest `count`; with 0 none is left. To be called by whoever has
   * taken the user, so that nobody else does at the same time.
   */
  abstract remember(user: UserId, hash: string, count: number): Promise<void>;
}
