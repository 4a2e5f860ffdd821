import type { TenantId, UserId } from '../../../kernel/ids';
import type { RiskSignal } from './risk';

/** Everything that is persisted, and nothing else. */
export type ChallengeState = {
  readonly id: string;
  /** SHA-256 of what the client holds. */
  readonly tokenHash: Uint8Array;
  readonly userId: UserId;
  /** Where the sign-in leads to. */
  readonly tenantId: TenantId;
  /** The user's when the first factor was proven: with another one nothing follows from it any more. */
  readonly securityStamp: string;
  /** RFC 8176: what was proven already. */
  readonly authenticationMethods: readonly string[];
  /** Whether the device asked to be known, and to be spared from now on. */
  readonly rememberDevice: boolean;
  /** Whether the user signed in by the username, not by the address. */
  readonly byUsername: boolean;
  /** Of the device, when it proved that it has signed in before. */
  readonly deviceId: string | null;
  /** As of the first factor. */
  readonly riskScore: number;
  readonly riskSignals: readonly RiskSignal[];
  readonly wrongCodes: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
};

export type NewChallenge = Omit<ChallengeState, 'wrongCodes' | 'createdAt' | 'expiresAt'>;

/** Wrong codes after which nothing opens it any more (MF-04). */
const TRIES = 5;

/** A sign-in whose first factor was right and whose second is waited for. It is passed once, and then it is no more. */
export class Challenge {
  private constructor(private state: ChallengeState) {}

  static restore(state: ChallengeState): Challenge {
    return new Challenge({ ...state });
  }

  static give(challenge: NewChallenge, seconds: number, now: Date): Challenge {
    const expiresAt = new Date(now.getTime() + seconds * 1000);
    return new Challenge({ ...challenge, wrongCodes: 0, createdAt: now, expiresAt });
  }

  /** Why no code is looked at any more; null while one may be tried. */
  endedAt(now: Date): 'challenge_expired' | 'challenge_used_up' | null {
    if (now >= this.state.expiresAt) return 'challenge_expired';
    return this.state.wrongCodes >= TRIES ? 'challenge_used_up' : null;
  }

  /** A code was wrong. */
  fail(): void {
    this.state = { ...this.state, wrongCodes: this.state.wrongCodes + 1 };
  }

  snapshot(): ChallengeState {
    return this.state;
  }
}
