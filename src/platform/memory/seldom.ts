import type { Clock } from '../time/clock';

/** Says of what recurs when to take notice of it again: once in a while for each key, in this process. */
export class Seldom {
  // Two generations, turned over once a while: whatever is in the older one or gone may be noticed again soon.
  private noticed = [new Map<string, number>(), new Map<string, number>()] as const;
  private turnedAt = -Infinity;

  constructor(
    private readonly clock: Pick<Clock, 'elapsedMs'>,
    private readonly whileMs: number,
  ) {}

  /** Whether the key was not noticed for a while. It is from now on. */
  notice(key: string): boolean {
    const now = this.clock.elapsedMs();
    if (now - this.turnedAt >= this.whileMs) {
      const isRecent = now - this.turnedAt < 2 * this.whileMs;
      this.noticed = [new Map(), isRecent ? this.noticed[0] : new Map<string, number>()];
      this.turnedAt = now;
    }
    const last = this.noticed[0].get(key) ?? this.noticed[1].get(key) ?? -Infinity;
    if (now - last < this.whileMs) return false;
    this.noticed[0].set(key, now);
    return true;
  }
}
