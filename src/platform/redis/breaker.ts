import type { Clock } from '../time/clock';

/** It is not asked at present, because it did not answer a moment ago. */
export class NotAsked extends Error {
  constructor() {
    super('It did not answer a moment ago');
    this.name = 'NotAsked';
  }
}

export type BreakerOptions = {
  /** For how long nobody asks after a failure. */
  readonly restMs: number;
  /** Told once when it breaks, with what went wrong, and once when it has healed. */
  readonly onBroken: (error: unknown) => void;
  readonly onHealed: () => void;
};

/**
 * Keeps from asking again and again what does not answer: after a failure nobody asks for a moment, then one goes ahead
 * to see, and the others ask when it has been answered.
 */
export class Breaker {
  private isBroken = false;
  private restsUntil = -Infinity;

  constructor(
    private readonly clock: Pick<Clock, 'elapsedMs'>,
    private readonly options: BreakerOptions,
  ) {}

  /** Throws NotAsked, or what the call throws. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.clock.elapsedMs() < this.restsUntil) throw new NotAsked();
    if (this.isBroken) this.rest();
    try {
      const answer = await call();
      this.heal();
      return answer;
    } catch (error) {
      this.break(error);
      throw error;
    }
  }

  private rest(): void {
    this.restsUntil = this.clock.elapsedMs() + this.options.restMs;
  }

  private break(error: unknown): void {
    this.rest();
    if (!this.isBroken) this.options.onBroken(error);
    this.isBroken = true;
  }

  private heal(): void {
    this.restsUntil = -Infinity;
    if (this.isBroken) this.options.onHealed();
    this.isBroken = false;
  }
}
