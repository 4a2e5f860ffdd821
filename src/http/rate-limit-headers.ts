import { fillSeconds, type Level } from '../platform/limits/token-bucket';
import type { LimitBucket } from './request-buckets';

export type Standing = { readonly bucket: LimitBucket; readonly level: Level };

/** The bucket that will refuse first, of those that are told of. */
export function tightest(standings: readonly Standing[]): Standing | null {
  const [first = null, ...others] = standings;
  return others.reduce(
    (least, other) => (least === null || other.level.remaining < least.level.remaining ? other : least),
    first,
  );
}

/** draft-ietf-httpapi-ratelimit-headers: structured fields (RFC 9651), one item each. */
export function rateLimitHeaders({ bucket: { name, rate }, level }: Standing): Readonly<Record<string, string>> {
  return {
    RateLimit: `"${name}";r=${level.remaining};t=${level.nextSeconds}`,
    'RateLimit-Policy': `"${name}";q=${rate.burst};w=${fillSeconds(rate)}`,
  };
}
