import { Clock, SystemClock } from '../../src/platform/time/clock';

/** A clock that stands still until it is told to go on. */
export class TestClock extends Clock {
  private instant = new Date('2026-01-01T00:00:00.000Z').getTime();

  now(): Date {
    return new Date(this.instant);
  }

  elapsedMs(): number {
    return this.instant;
  }

  follow(): void {
    // It is the test that says what time it is.
  }

  advance({ seconds }: { readonly seconds: number }): void {
    this.instant += seconds * 1000;
  }
}

/** The clock of the machine, which a test may set ahead. */
export class AdvancingClock extends SystemClock {
  private setAheadMs = 0;

  override now(): Date {
    return new Date(super.now().getTime() + this.setAheadMs);
  }

  override elapsedMs(): number {
    return super.elapsedMs() + this.setAheadMs;
  }

  override follow(): void {
    // It is the test that says what time it is.
  }

  advance({ seconds }: { readonly seconds: number }): void {
    this.setAheadMs += seconds * 1000;
  }
}
