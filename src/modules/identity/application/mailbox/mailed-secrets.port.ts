import type { UserId } from '../../../../kernel/ids';
import type { MailedPurpose, MailedSecret } from '../../domain/mailbox/mailed-secret';

/** The store of what was mailed to prove a mailbox. */
export abstract class MailedSecrets {
  /**
   * Stores a secret; where newer ones replace older ones, in the place of the one of the same purpose and account or, where
   * it is nobody's, mailbox. Of the wrong codes of both, the more count.
   */
  abstract put(secret: MailedSecret): Promise<void>;

  /** How many wrong codes were typed for what was sent to a mailbox. */
  abstract wrongCodesOf(purpose: MailedPurpose, addressKey: Uint8Array): Promise<number>;

  /** Keeps the count of wrong codes. */
  abstract save(secret: MailedSecret): Promise<void>;

  abstract findByToken(purpose: MailedPurpose, tokenHash: Uint8Array): Promise<MailedSecret | null>;

  /** What was sent to a mailbox and is not used, newest first. Holds the newest until the unit of work ends. */
  abstract takeOfMailbox(purpose: MailedPurpose, addressKey: Uint8Array): Promise<readonly MailedSecret[]>;

  /** Uses a secret up: null when somebody else did before. */
  abstract remove(id: string): Promise<MailedSecret | null>;

  /** Uses up all of an account for these purposes. */
  abstract removeAllOf(user: UserId, purposes: readonly MailedPurpose[]): Promise<void>;

  /** The same of many accounts. */
  abstract removeAllOfMany(users: readonly UserId[], purposes: readonly MailedPurpose[]): Promise<void>;

  /** Uses up those that take back changes of address made after that instant. */
  abstract removeUndosAfter(user: UserId, after: Date): Promise<void>;

  /** Whether the mailbox may still become the address of another account again. */
  abstract isHeld(addressKey: Uint8Array, except: UserId, now: Date): Promise<boolean>;

  /** Forgets up to `limit` that ended before that instant. Returns how many. */
  abstract removeEnded(before: Date, limit: number): Promise<number>;
}
