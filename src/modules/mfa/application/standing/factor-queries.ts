import type { UserId } from '../../../../kernel/ids';
import type { FactorState } from '../../domain/factor';

/** A factor as its user may see it: nothing secret in it. */
export type FactorView = Pick<FactorState, 'id' | 'type' | 'label' | 'lastUsedAt' | 'heldUntil'> & {
  readonly confirmedAt: Date;
};

/** Reads of second factors. */
export abstract class FactorQueries {
  /** Those that are confirmed, in the order of `FACTOR_TYPES`. Opens nothing. */
  abstract listOf(user: UserId): Promise<readonly FactorView[]>;
}
