import type { UserId } from '../../../kernel/ids';
import type { CodeUse } from '../domain/code-use';
import type { SentMethod } from '../domain/method';

/** A code that was sent: its hash, for what it is good, and until when. */
export type SentCode = {
  readonly id: string;
  readonly userId: UserId;
  readonly method: SentMethod;
  readonly use: CodeUse;
  readonly codeHash: Uint8Array;
  readonly createdAt: Date;
  readonly expiresAt: Date;
};

/** The store of codes that were sent and not used yet. */
export abstract class SentCodes {
  /** In the place of the one sent before for the same use by the same method (MF-05). */
  abstract put(code: SentCode): Promise<void>;

  /** null: none was sent, or it was used. */
  abstract find(user: UserId, method: SentMethod, use: CodeUse): Promise<SentCode | null>;

  /** Uses it up: false when somebody did before, or another one was sent meanwhile. */
  abstract spend(code: SentCode): Promise<boolean>;

  /** All of a user, or those of one method. */
  abstract removeAllOf(user: UserId, method?: SentMethod): Promise<void>;

  /** Forgets up to `limit` that ended before that instant. Returns how many. */
  abstract removeEnded(before: Date, limit: number): Promise<number>;
}
