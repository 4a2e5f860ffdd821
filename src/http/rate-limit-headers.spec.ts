import type { LimitName, Rate } from '../platform/config/settings';
import { rateLimitHeaders, type Standing, tightest } from './rate-limit-headers';

const standing = (
  name: LimitName,
  remaining: number,
  rate: Rate = { count: 10, seconds: 60, burst: 20 },
): Standing => ({
  bucket: { name, key: `${name}:x`, rate },
  level: { remaining, nextSeconds: 6, fullSeconds: 60 },
});

describe('the headers of a rate limit', () => {
  it('name the bucket, what is left and when there is more, and what it holds and when it is full', () => {
    expect(rateLimitHeaders(standing('login', 19))).toEqual({
      RateLimit: '"login";r=19;t=6',
      'RateLimit-Policy': '"login";q=20;w=120',
    });
  });

  it.each([
    [[standing('login', 19), standing('account', 999)], 'login'],
    [[standing('login', 19), standing('account', 3), standing('global', 4)], 'account'],
    [[standing('login', 5), standing('global', 5)], 'login'],
  ])('are of the bucket with the fewest tokens, the first of equals', (standings, name) => {
    expect(tightest(standings)?.bucket.name).toBe(name);
  });

  it('are of none where none is told of', () => {
    expect(tightest([])).toBeNull();
  });
});
