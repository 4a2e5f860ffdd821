import type { Clock } from '../time/clock';

const FIRST_REST_MS = 2_000;
const LONGEST_REST_MS = 60_000;

/**
 * What this process knows of the way to one server. When it is shut nobody tries for a while, twice as long each time
 * up to a minute; then one message goes ahead to see. So an outage costs the messages that wait nothing, and the server one
 * connection a minute.
 */
export class WayOut {
  private failures = 0;
  private restsUntil = -Infinity;

  constructor(private readonly clock: Pick<Clock, 'elapsedMs'>) {}

  /** Whether a message may go. */
  get isOpen(): boolean {
    return this.clock.elapsedMs() >= this.restsUntil;
  }

  /** Nobody got through lately: one at a time. */
  get isDoubtful(): boolean {
    return this.failures > 0;
  }

  /** Returns whether this is news. */
  works(): boolean {
    const wasDoubtful = this.isDoubtful;
    this.failures = 0;
    this.restsUntil = -Infinity;
    return wasDoubtful;
  }

  /** Returns whether this is news. Of several that failed together, the first counts. */
  failed(): boolean {
    if (!this.isOpen) return false;
    const rest = Math.min(FIRST_REST_MS * 2 ** this.failures, LONGEST_REST_MS);
    this.failures += 1;
    this.restsUntil = this.clock.elapsedMs() + rest;
    return this.failures === 1;
  }
}
