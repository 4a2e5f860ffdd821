import { type FactorState, isHeld } from './factor';
import type { FactorGuesses } from './factor-guesses';
import { type Method, METHODS } from './method';

/** What there is to decide about. */
export type Enrolment = {
  /** The confirmed ones. */
  readonly factors: readonly Pick<FactorState, 'type' | 'heldUntil'>[];
  readonly backupCodes: number;
  readonly guesses: FactorGuesses;
};

/** By what a second factor may be shown now, in order: what is enrolled, offered, and neither stopped nor held. */
export function availableMethods(
  { factors, backupCodes, guesses }: Enrolment,
  offered: readonly Method[],
  now: Date,
): readonly Method[] {
  const isThere = (method: Method): boolean =>
    method === 'backup_codes'
      ? factors.length > 0 && backupCodes > 0
      : factors.some((factor) => factor.type === method && !isHeld(factor, now));
  return METHODS.filter((method) => offered.includes(method) && !guesses.isStopped(method) && isThere(method));
}
