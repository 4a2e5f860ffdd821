import type { TenantId, UserId } from '../../../../kernel/ids';
import type { CodeUse } from '../../domain/code-use';
import type { Factor } from '../../domain/factor';
import type { SentMethod } from '../../domain/method';

/** For whom a code is sent and what for, and for whose limits it counts; null: for no tenant's. */
export type Asker = {
  readonly userId: UserId;
  readonly tenantId: TenantId | null;
  readonly purpose: CodeUse['kind'];
};

/** A code on its way to the user. */
export type CarriedCode = {
  readonly userId: UserId;
  /** The tenant that has it sent, for whom it counts; null: none. */
  readonly tenantId: TenantId | null;
  /** An address or a number; null: nobody, and it takes the same work. */
  readonly to: string | null;
  readonly code: string;
  readonly purpose: CodeUse['kind'];
  readonly createdAt: Date;
  readonly expiresAt: Date;
};

/**
 * As what a code counts, in whichever way it leaves (LG-10). One that sets a factor up goes where an account says,
 * so it uses up nothing of the codes its target signs in by, and each account has so many.
 */
export function occasionOf({ userId, tenantId, purpose }: Asker) {
  const of = { kind: 'second-factor-code', tenant: tenantId };
  return purpose === 'factor' ? { ...of, kind: 'second-factor-set-up', askedBy: userId } : of;
}

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
