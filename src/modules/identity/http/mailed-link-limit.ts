import type { RateLimitRule } from '../../../platform/http/rate-limited';

/** One budget for whatever is done with a mailed link or code: there is one that guesses, whichever it tries. */
export const MAILED_LINK_LIMIT = {
  name: 'mailed_link',
  by: 'address',
  everybody: true,
  uncounted: 'refuse',
} as const satisfies RateLimitRule;
