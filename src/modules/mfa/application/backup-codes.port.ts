import type { UserId } from '../../../kernel/ids';

/** A backup code that is good, by the letters it is found by. */
export type StoredBackupCode = { readonly id: string; readonly hash: string };

export type NewBackupCode = StoredBackupCode & { readonly selector: string };

/** The store of backup codes. Changes are made while the account is held (`Factors.take`). */
export abstract class BackupCodes {
  /** An unused one in force; null: none of that selector. */
  abstract find(user: UserId, selector: string): Promise<StoredBackupCode | null>;

  /** Uses one up: false when somebody did before, or it is in force no more. */
  abstract spend(user: UserId, id: string, at: Date): Promise<boolean>;

  /** How many are left of those in force. */
  abstract countOf(user: UserId): Promise<number>;

  /** A new set: in force at once, in the place of the old one; or, with a factor, when that is confirmed. */
  abstract put(user: UserId, codes: readonly NewBackupCode[], factorId: string | null, at: Date): Promise<void>;

  /**
   * The set made with that factor takes the place of the one in force. Nothing is done when there is none, and false
   * returned.
   */
  abstract activate(user: UserId, factorId: string): Promise<boolean>;

  /** All there are, used ones and those not in force yet too. */
  abstract removeAll(user: UserId): Promise<void>;
}
