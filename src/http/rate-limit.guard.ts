import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  InjectThrottlerOptions,
  InjectThrottlerStorage,
  ThrottlerGuard,
  type ThrottlerModuleOptions,
  type ThrottlerRequest,
} from '@nestjs/throttler';
import { DependencyUnavailable, RateLimitExceeded } from '../kernel/domain-error';
import { LimitSettings } from '../platform/config/settings';
import { BucketsUnavailable, type Taken, TokenBuckets } from '../platform/limits/token-buckets';
import { rateLimitHeaders, type Standing, tightest } from './rate-limit-headers';
import { RequestBuckets, type RequestLimits } from './request-buckets';

/** One throttler, for a request has one answer; of how many and how often its buckets know. */
export function throttlerOptions(storage: TokenBuckets): ThrottlerModuleOptions {
  return { storage, throttlers: [{ name: 'request', limit: 1, ttl: 1000 }] };
}

/**
 * Takes a token of every bucket of a request, in one call. Runs between the AuthenticationGuard, for a caller has buckets
 * of their own, and the AccessGuard, for a refusal costs work too.
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @InjectThrottlerStorage() private readonly buckets: TokenBuckets,
    reflector: Reflector,
    private readonly requests: RequestBuckets,
    private readonly limits: LimitSettings,
  ) {
    super(options, buckets, reflector);
  }

  protected override shouldSkip(): Promise<boolean> {
    return Promise.resolve(!this.limits.enabled);
  }

  /** Throws RATE_LIMIT_EXCEEDED, or DEPENDENCY_UNAVAILABLE where nobody can count and the route does not serve then. */
  protected override async handleRequest({ context }: ThrottlerRequest): Promise<boolean> {
    const limits = this.requests.of(context);
    const taken = await this.take(limits);
    if (taken === null) return true;
    const standings = [...limits.ofRoute, ...limits.ofCaller].flatMap((bucket, index): Standing[] => {
      const level = taken.levels[index];
      return level === undefined ? [] : [{ bucket, level }];
    });
    if (taken.kind === 'refused') {
      this.tell(context, standings[taken.lacking]);
      throw new RateLimitExceeded(taken.retryAfterSeconds);
    }
    this.tell(context, tightest(standings.slice(0, limits.ofRoute.length)));
    return true;
  }

  /** null when nothing is limited, or cannot be. */
  private async take({ ofRoute, ofCaller, uncounted }: RequestLimits): Promise<Taken | null> {
    const buckets = [...ofRoute, ...ofCaller];
    if (buckets.length === 0) return null;
    try {
      return await this.buckets.take(buckets);
    } catch (error) {
      if (!(error instanceof BucketsUnavailable)) throw error;
      if (uncounted === 'refuse') throw new DependencyUnavailable({ cause: error });
      return null;
    }
  }

  private tell(context: ExecutionContext, standing: Standing | null | undefined): void {
    if (!standing) return;
    const { res } = this.getRequestResponse(context);
    for (const [name, value] of Object.entries(rateLimitHeaders(standing))) this.setResponseHeader(res, name, value);
  }
}
