import type { Transaction } from '../../domain/transaction';

/** The store of sign-ins that wait for the answer of an identity provider. */
export abstract class OauthTransactions {
  abstract add(transaction: Transaction): Promise<void>;

  /** As it is; null where none of that provider has the state. Nothing of it ever changes. */
  abstract find(stateHash: Uint8Array, provider: string): Promise<Transaction | null>;

  /** The same, for whom it is there alone: from now on it is no more. Of many who take it at once one gets it. */
  abstract take(stateHash: Uint8Array, provider: string): Promise<Transaction | null>;

  /** Whether any waits for the browser that keeps this. */
  abstract waitFor(browserHash: Uint8Array, now: Date): Promise<boolean>;

  /** Removes up to so many that had ended by then, waiting for nobody. Returns how many. */
  abstract removeEnded(before: Date, limit: number): Promise<number>;
}
