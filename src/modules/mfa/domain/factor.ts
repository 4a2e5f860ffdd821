import type { UserId } from '../../../kernel/ids';
import type { FactorType } from './method';

/** Everything that is persisted, and nothing else. */
export type FactorState = {
  readonly id: string;
  readonly userId: UserId;
  readonly type: FactorType;
  /** For people; of a number no more than its country and last digits. */
  readonly label: string;
  /** Of totp the shared secret (RFC 6238), of sms the number in E.164; null: the account's address. */
  readonly secret: Uint8Array | null;
  /** The last time step a code was taken of. */
  readonly lastStep: number | null;
  readonly createdAt: Date;
  /** null: it is being set up. */
  readonly confirmedAt: Date | null;
  readonly lastUsedAt: Date | null;
  /** Until then it proves nothing. */
  readonly heldUntil: Date | null;
};

export type NewFactor = Pick<FactorState, 'id' | 'userId' | 'type' | 'label' | 'secret'>;

/** How long one may take to set a factor up. */
const SETUP_MS = 3_600_000;

/** Whether a factor proves nothing at an instant, for a while. */
export function isHeld({ heldUntil }: Pick<FactorState, 'heldUntil'>, now: Date): boolean {
  return heldUntil !== null && now < heldUntil;
}

/** One second factor of a user. */
export class Factor {
  private constructor(private state: FactorState) {}

  static restore(state: FactorState): Factor {
    return new Factor({ ...state });
  }

  static setUp(factor: NewFactor, now: Date): Factor {
    const blank = { lastStep: null, confirmedAt: null, lastUsedAt: null, heldUntil: null };
    return new Factor({ ...factor, ...blank, createdAt: now });
  }

  /** Before this instant a factor was begun that nobody has confirmed in time. */
  static abandonedBefore(now: Date): Date {
    return new Date(now.getTime() - SETUP_MS);
  }

  /** Whether it may still be confirmed. */
  isBeingSetUp(now: Date): boolean {
    return this.state.confirmedAt === null && this.state.createdAt > Factor.abandonedBefore(now);
  }

  /** Its user has shown a code of it. */
  confirm(now: Date): void {
    this.state = { ...this.state, confirmedAt: now, lastUsedAt: now };
  }

  used(now: Date): void {
    this.state = { ...this.state, lastUsedAt: now };
  }

  /** Its codes go elsewhere from now on: the account has another address. */
  moveTo(label: string): void {
    this.state = { ...this.state, label };
  }

  hold(until: Date): void {
    this.state = { ...this.state, heldUntil: until };
  }

  isHeld(now: Date): boolean {
    return isHeld(this.state, now);
  }

  snapshot(): FactorState {
    return this.state;
  }
}
