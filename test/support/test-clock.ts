import { Clock } from '../../src/platform/time/clock';

/** A clock that stands still until it is told to go on. */
export class TestClock extends Clock {
  private instant = new Date('2026-01-01T00:00:00.000Z').getTime();

  now(): Date {
    return new Date(this.instant);
  }

  advance({ seconds }: { readonly seconds: number }): void {
    this.instant += seconds * 1000;
  }
}
