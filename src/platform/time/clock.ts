import { Injectable } from '@nestjs/common';

/** Where the present comes from. Decisions take `now` as an argument; only adapters and edges ask a clock. */
export abstract class Clock {
  abstract now(): Date;

  /** Milliseconds on a clock nobody can set: for how long ago something was, never for when. */
  abstract elapsedMs(): number;

  /** The time it is where all replicas look. Small differences are left alone: nothing is to run backwards for them. */
  abstract follow(instant: Date): void;
}

const TOLERATED_MS = 250;

/**
 * This machine's time until it has been told the database's. Replicas whose own clocks differ agree with each other
 * then: a rotation on one of them is not older on another than it is.
 */
@Injectable()
export class SystemClock extends Clock {
  private readonly startedAt = Date.now() - performance.now();
  private aheadMs = 0;

  now(): Date {
    return new Date(this.startedAt + this.aheadMs + performance.now());
  }

  elapsedMs(): number {
    return performance.now();
  }

  follow(instant: Date): void {
    const difference = instant.getTime() - this.now().getTime();
    if (Math.abs(difference) > TOLERATED_MS) this.aheadMs += difference;
  }
}
