import type { Lockout } from '../../domain/lockout/lockout';

/** The store of wrong passwords, by account. */
export abstract class Lockouts {
  /** Holds the account's until the unit of work ends; a clean one where there was none. */
  abstract take(account: string): Promise<Lockout>;

  abstract save(lockout: Lockout): Promise<void>;

  abstract remove(account: string): Promise<void>;

  /** As it is now, without holding it; null where there is none. */
  abstract find(account: string): Promise<Lockout | null>;

  /** Removes those of no user that did not change since. Returns how many, `limit` at most. */
  abstract removeNobodys(unchangedSince: Date, limit: number): Promise<number>;
}
