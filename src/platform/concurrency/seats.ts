import { Overloaded } from '../../kernel/domain-error';

/** One seat in so many is kept: of all for those who are known, of the rest from any single caller. */
const ONE_IN = 8;

/**
 * A room with so many seats, for work that would otherwise wait in one queue after another. Whoever finds none is told so
 * at once. Strangers cannot take them all from those who are known, nor one stranger all from the others.
 */
export class Seats {
  private readonly ofStrangers: number;
  private readonly ofOne: number;
  private readonly callers = new Map<string, number>();
  private taken = 0;

  constructor(private readonly total: number) {
    this.ofStrangers = Math.max(1, total - Math.ceil(total / ONE_IN));
    this.ofOne = Math.max(1, this.ofStrangers - Math.ceil(this.ofStrangers / ONE_IN));
  }

  /** Whether there is none left for a stranger. */
  get areTaken(): boolean {
    return this.taken >= this.ofStrangers;
  }

  /** Returns what frees the seat again, to be called once. Throws Overloaded. */
  take(caller: string, isKnown: boolean): () => void {
    const own = this.callers.get(caller) ?? 0;
    if (this.taken >= (isKnown ? this.total : this.ofStrangers) || own >= this.ofOne) throw new Overloaded();
    this.taken += 1;
    this.callers.set(caller, own + 1);
    return () => {
      this.free(caller);
    };
  }

  private free(caller: string): void {
    const left = (this.callers.get(caller) ?? 1) - 1;
    this.taken -= 1;
    if (left === 0) this.callers.delete(caller);
    else this.callers.set(caller, left);
  }
}
