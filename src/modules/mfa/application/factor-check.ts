import type { UserId } from '../../../kernel/ids';
import type { CodeUse } from '../domain/code-use';
import type { Factor } from '../domain/factor';
import type { Method } from '../domain/method';

/** A code to be compared with one way of showing a second factor. */
export type ShownCode = {
  readonly userId: UserId;
  readonly code: string;
  readonly use: CodeUse;
  /** The confirmed factor of the method; null for backup codes, which stand in for any. */
  readonly factor: Factor | null;
  /** The backup code that was found to match before; null: none. */
  readonly backupCodeId: string | null;
};

/** One way of showing a second factor. */
export abstract class FactorCheck {
  abstract readonly method: Method;

  /** Whether a code can be one of this way, by its form alone. */
  abstract fits(code: string): boolean;

  /** Whether the code is right; uses it up then. Within the unit of work that holds the account's factors. */
  abstract redeem(shown: ShownCode, now: Date): Promise<boolean>;
}

/** All ways that are offered, in the order in which they are tried. */
export abstract class FactorChecks {
  abstract readonly all: readonly FactorCheck[];
}
