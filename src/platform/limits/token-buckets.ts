import type { ThrottlerStorage } from '@nestjs/throttler';
import type { Rate } from '../config/settings';
import { type Level, level } from './token-bucket';

export type Bucket = {
  /** What it is for and whose it is: `login:203.0.113.7`. */
  readonly key: string;
  readonly rate: Rate;
};

/** What came of a request for tokens. Levels are in the order of the buckets that were asked for. */
export type Taken =
  | { readonly kind: 'taken'; readonly levels: readonly Level[] }
  | {
      readonly kind: 'refused';
      readonly levels: readonly Level[];
      /** Which bucket, of those without a token, has to be waited for longest. */
      readonly lacking: number;
      /** When there will be a token in each; at least 1. */
      readonly retryAfterSeconds: number;
    };

/** Nobody can say at present how many tokens there are. */
export class BucketsUnavailable extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : 'Token buckets are unavailable', { cause });
    this.name = 'BucketsUnavailable';
  }
}

/** Of the throttler's answer, what is said by its name alone. */
type Increment = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** Token buckets by their keys. A bucket that was never asked for is full. */
export abstract class TokenBuckets implements ThrottlerStorage {
  /**
   * One token of each bucket or none of any. No key may be among them twice.
   * Throws BucketsUnavailable.
   */
  abstract take(buckets: readonly Bucket[]): Promise<Taken>;

  /**
   * The same for one bucket in the throttler's terms: `limit` tokens that fill in `ttl` milliseconds. A bucket needs no
   * time of blocking: it passes when it holds a token.
   */
  async increment(key: string, ttl: number, limit: number): Promise<Increment> {
    const rate = { count: limit, seconds: ttl / 1000, burst: limit };
    const taken = await this.take([{ key, rate }]);
    const isBlocked = taken.kind === 'refused';
    const { remaining, fullSeconds } = taken.levels[0] ?? level(0, rate, 0);
    return {
      totalHits: limit - remaining + (isBlocked ? 1 : 0),
      timeToExpire: fullSeconds,
      isBlocked,
      timeToBlockExpire: isBlocked ? taken.retryAfterSeconds : 0,
    };
  }
}

/** Puts into words where the buckets stand: `fullAt` of each at `now`, and whether a token of each was taken. */
export function takenOf(buckets: readonly Bucket[], fullAt: readonly number[], now: number, wasTaken: boolean): Taken {
  const levels = buckets.map(({ rate }, index) => level(fullAt[index] ?? now, rate, now));
  if (wasTaken) return { kind: 'taken', levels };
  const waits = levels.map(({ remaining, nextSeconds }) => (remaining === 0 ? nextSeconds : 0));
  const longest = Math.max(...waits);
  return { kind: 'refused', levels, lacking: waits.indexOf(longest), retryAfterSeconds: Math.max(longest, 1) };
}
