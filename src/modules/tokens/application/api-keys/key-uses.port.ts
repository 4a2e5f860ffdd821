import type { ApiKeyId } from '../../domain/api-keys/api-key-id';

/** When keys were last used: noted in memory, written many at a time, some seconds late. */
export abstract class KeyUses {
  /** Remembers where the request at hand comes from, too. */
  abstract note(id: ApiKeyId, at: Date): void;

  /**
   * Writes what was noted since the last time, with an event for each key that had not been used on that day (UTC). What
   * cannot be written is kept for the next time.
   */
  abstract write(): Promise<void>;
}
