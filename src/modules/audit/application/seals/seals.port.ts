import type { ChainHead, Seal } from '../../domain/seals/seal';

/** The newest seal, as far as it has to be known to go on. */
export type NewestSeal = ChainHead & {
  readonly lastSequence: number;
  readonly sealedAt: string;
  readonly keyId: string;
};

/** The chain of seals as it is stored. What is read of it has been checked by nobody. */
export abstract class Seals {
  /** Whether the caller may seal now: one at a time, until its unit of work ends. Does not wait. */
  abstract takeTurn(): Promise<boolean>;

  abstract newest(): Promise<NewestSeal | null>;

  /** Within a unit of work. */
  abstract add(seal: Seal): Promise<void>;

  abstract find(number: number): Promise<Seal | null>;

  /** Those behind a number, in their order, `most` of them. */
  abstract after(number: number, most: number): Promise<readonly Seal[]>;

  /** The numbers of the first and the last one of a month (its first day); null: there is none. */
  abstract spanOf(month: string): Promise<{ readonly first: number; readonly last: number } | null>;

  /** The seal that lists an event. */
  abstract holding(sequence: number): Promise<Seal | null>;
}
