import { applyDecorators, SetMetadata } from '@nestjs/common';
import type { LimitName } from '../config/settings';
import { documented } from './access';

/** How often a route answers. Beside this, whatever a known caller asks for counts for the tenant. */
export type RateLimitRule = {
  /** Routes of one name share their buckets. */
  readonly name: LimitName;
  /** Who has a bucket: each address, or each signed-in user. */
  readonly by: 'address' | 'caller';
  /** The field of the body that names an account, which has a bucket too, whoever asks and whether there is one or not. */
  readonly account?: string;
  /** Whether what everybody asks together has a bucket too. */
  readonly everybody?: boolean;
  /** When nobody can say how much was asked already: 503, or an answer all the same. */
  readonly uncounted: 'refuse' | 'serve';
};

export const RATE_LIMIT = 'doorward:rate-limit';

const EXAMPLES = {
  RateLimit: ['The limit that is nearest: what is left of it, and seconds until there is more.', '"login";r=0;t=6'],
  'RateLimit-Policy': ['How many may come at once, and seconds until that many may again.', '"login";q=20;w=120'],
  'Retry-After': ['Seconds.', '6'],
} as const;

/** The route answers only so often: 429 RATE_LIMIT_EXCEEDED. Rates are settings. */
export function RateLimited(rule: RateLimitRule): MethodDecorator {
  const headers = Object.fromEntries(
    Object.entries(EXAMPLES).map(([name, [description, example]]) => [
      name,
      { description, schema: { type: 'string' as const, example } },
    ]),
  );
  return applyDecorators(SetMetadata(RATE_LIMIT, rule), ...documented(['RATE_LIMIT_EXCEEDED'], headers));
}
