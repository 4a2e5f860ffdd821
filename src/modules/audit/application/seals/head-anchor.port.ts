import type { ChainHead } from '../../domain/seals/seal';

/**
 * The newest seal this process has seen, remembered where who may write to the database cannot: so that a chain cut off at
 * its end is missed.
 */
export abstract class HeadAnchor {
  /** All that are remembered, in memory and in the file that processes share; empty at the very start. */
  abstract known(): Promise<readonly ChainHead[]>;

  /** In the place of those known. Cannot be written: remembered in memory alone, and logged once. */
  abstract keep(head: ChainHead): Promise<void>;
}
