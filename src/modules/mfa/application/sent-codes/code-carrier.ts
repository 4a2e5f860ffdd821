import type { TenantId, UserId } from '../../../../kernel/ids';
import type { CodeUse } from '../../domain/code-use';
import type { Factor } from '../../domain/factor';
import type { SentMethod } from '../../domain/method';

/** For whom a code is sent, and for whose limits it counts; null: for no tenant's. */
export type Asker = { readonly userId: UserId; readonly tenantId: TenantId | null };

/** A code on its way to the user. */
export type CarriedCode = {
  readonly userId: UserId;
  /** An address or a number; null: nobody, and it takes the same work. */
  readonly to: string | null;
  readonly code: string;
  readonly purpose: CodeUse['kind'];
  readonly createdAt: Date;
  readonly expiresAt: Date;
};

/** The kind of message that codes are, in whichever way they leave (LG-10). */
export const CODE_KIND = 'second-factor-code';

/** One way by which codes reach their users. */
export abstract class CodeCarrier {
  abstract readonly method: SentMethod;

  /** Where the codes of a factor go at this moment; null: nowhere. */
  abstract targetOf(factor: Factor): Promise<string | null>;

  /**
   * Whether one more may be sent there; uses one up. What goes nowhere (null) is counted for the account, which has no other
   * name then. Not within a unit of work. Throws DependencyUnavailable.
   */
  abstract allows(target: string | null, asker: Asker): Promise<boolean>;

  /** Joins the unit of work. What is not sent by the end of the code is not sent at all. */
  abstract carry(code: CarriedCode): Promise<void>;
}
