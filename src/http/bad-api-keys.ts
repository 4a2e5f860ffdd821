import { Injectable } from '@nestjs/common';
import { RateLimitExceeded } from '../kernel/domain-error';
import { LimitSettings } from '../platform/config/settings';
import { BucketsUnavailable, type Taken, TokenBuckets } from '../platform/limits/token-buckets';
import { rateLimitHeaders } from './rate-limit-headers';
import { type LimitBucket, RequestBuckets } from './request-buckets';

/** What is done to an answer that tells where a limit stands. */
export type HeaderSetter = { header(name: string, value: string): unknown };

/** Counts the keys from an address that were not good: guesses, and programs that go on with a key that is over. */
@Injectable()
export class BadApiKeys {
  constructor(
    private readonly requests: RequestBuckets,
    private readonly buckets: TokenBuckets,
    private readonly limits: LimitSettings,
  ) {}

  /**
   * For a request whose key has just been refused. Throws RateLimitExceeded when there were too many; where nobody can
   * count none is too many, for refused they are all the same.
   */
  async count(reply: HeaderSetter): Promise<void> {
    if (!this.limits.enabled) return;
    const bucket = this.requests.ofBadApiKey();
    const taken = await this.take(bucket);
    const [level] = taken?.levels ?? [];
    if (taken?.kind !== 'refused' || level === undefined) return;
    for (const [name, value] of Object.entries(rateLimitHeaders({ bucket, level }))) reply.header(name, value);
    throw new RateLimitExceeded(taken.retryAfterSeconds);
  }

  private async take(bucket: LimitBucket): Promise<Taken | null> {
    try {
      return await this.buckets.take([bucket]);
    } catch (error) {
      if (error instanceof BucketsUnavailable) return null;
      throw error;
    }
  }
}
