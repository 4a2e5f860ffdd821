import { Injectable } from '@nestjs/common';
import { Clock } from '../time/clock';
import { take, UNTOUCHED } from './token-bucket';
import { type Bucket, type Taken, takenOf, TokenBuckets } from './token-buckets';

const MICROSECONDS_A_MS = 1000;
/** More than one, so that what is forgotten outweighs what is added. */
const LOOKED_AT_FOR_EACH = 2;

type Entry = {
  readonly fullAt: number;
  /** When it is full by a clock nobody can set: should the other one be set back, it is not kept for the difference. */
  readonly forgottenAt: number;
};

/** Buckets of one process. A full one is forgotten, by and by: each request looks at the next few of those there are. */
@Injectable()
export class MemoryTokenBuckets extends TokenBuckets {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly clock: Clock) {
    super();
  }

  /** How many buckets are remembered. */
  get size(): number {
    return this.entries.size;
  }

  take(buckets: readonly Bucket[]): Promise<Taken> {
    const now = this.clock.now().getTime() * MICROSECONDS_A_MS;
    const elapsed = this.clock.elapsedMs();
    this.forgetSome(buckets.length * LOOKED_AT_FOR_EACH, elapsed);
    const before = buckets.map(({ key }) => this.fullAt(key, elapsed));
    const after = buckets.map(({ rate }, index) => take(before[index] ?? UNTOUCHED, rate, now));
    const given = after.filter((fullAt) => fullAt !== null);
    if (given.length < buckets.length) return Promise.resolve(takenOf(buckets, before, now, false));
    buckets.forEach(({ key }, index) => {
      const fullAt = given[index] ?? now;
      const forgottenAt = elapsed + Math.ceil((fullAt - now) / MICROSECONDS_A_MS);
      this.entries.set(key, { fullAt, forgottenAt });
    });
    return Promise.resolve(takenOf(buckets, given, now, true));
  }

  private fullAt(key: string, elapsed: number): number {
    const entry = this.entries.get(key);
    return entry === undefined || entry.forgottenAt <= elapsed ? UNTOUCHED : entry.fullAt;
  }

  /** Whatever stays goes to the end, so that all have their turn. */
  private forgetSome(count: number, elapsed: number): void {
    const next = this.entries.entries();
    for (let looked = 0; looked < Math.min(count, this.entries.size); looked += 1) {
      const [key, entry] = next.next().value ?? [];
      if (key === undefined || entry === undefined) return;
      this.entries.delete(key);
      if (entry.forgottenAt > elapsed) this.entries.set(key, entry);
    }
  }
}
