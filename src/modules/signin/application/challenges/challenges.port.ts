import type { TenantId } from '../../../../kernel/ids';
import type { Challenge } from '../../domain/challenge';

/** The store of sign-ins that wait for their second factor. Gone with their user, and with their tenant. */
export abstract class Challenges {
  abstract add(challenge: Challenge): Promise<void>;

  /** As it was a moment ago: but for the wrong codes, nothing of it ever changes. */
  abstract find(tokenHash: Uint8Array): Promise<Challenge | null>;

  /** Holds it until the unit of work ends; null when it is no more. After its user and membership, which it refers to. */
  abstract take(id: string): Promise<Challenge | null>;

  /** Keeps how many codes were wrong. */
  abstract save(challenge: Challenge): Promise<void>;

  abstract remove(id: string): Promise<void>;

  /** Removes all that lead to a tenant. */
  abstract removeAllIn(tenantId: TenantId): Promise<void>;

  /** Removes up to so many that had ended by then, waiting for nobody. Returns how many. */
  abstract removeEnded(before: Date, limit: number): Promise<number>;
}
