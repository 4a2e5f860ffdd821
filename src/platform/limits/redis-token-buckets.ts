import { Injectable } from '@nestjs/common';
import { Log } from '../logging/log';
import { Breaker } from '../redis/breaker';
import { LuaScript, RedisConnection } from '../redis/redis';
import { Clock } from '../time/clock';
import { capacityOf, intervalOf } from './token-bucket';
import { type Bucket, BucketsUnavailable, type Taken, takenOf, TokenBuckets } from './token-buckets';

const MICROSECONDS_A_MS = 1000;
const REST_MS = 500;
/** In braces, so that in a cluster all of a request's buckets are in one place. */
const PREFIX = '{doorward}:limit:';

/**
 * `take` of token-bucket.ts for all buckets of a request, with nobody in between. ARGV: now, then interval and capacity of
 * each. A bucket lives until it is full, by the time of Redis. Answers whether tokens were taken, and when each is full.
 */
const TAKE = new LuaScript(`
local now = tonumber(ARGV[1])
local answer = {1}
for i, key in ipairs(KEYS) do
  local full_at = math.max(tonumber(redis.call('GET', key) or 0) or 0, now)
  if full_at + tonumber(ARGV[2 * i]) - now > tonumber(ARGV[2 * i + 1]) then answer[1] = 0 end
  answer[i + 1] = full_at
end
if answer[1] == 0 then return answer end
for i, key in ipairs(KEYS) do
  answer[i + 1] = answer[i + 1] + tonumber(ARGV[2 * i])
  local lives_ms = math.ceil((answer[i + 1] - now) / 1000)
  redis.call('SET', key, string.format('%.0f', answer[i + 1]), 'PX', string.format('%.0f', lives_ms))
end
return answer
`);

/** Buckets that all replicas share. While Redis does not answer, most callers are told so without asking it. */
@Injectable()
export class RedisTokenBuckets extends TokenBuckets {
  private readonly breaker: Breaker;

  constructor(
    private readonly redis: RedisConnection,
    private readonly clock: Clock,
    log: Log,
  ) {
    super();
    this.breaker = new Breaker(clock, {
      restMs: REST_MS,
      onBroken: (error) => {
        log.warn(`Requests cannot be counted: ${error instanceof Error ? error.message : 'unknown'}`);
      },
      onHealed: () => {
        log.info('Requests are counted again');
      },
    });
  }

  async take(buckets: readonly Bucket[]): Promise<Taken> {
    const now = this.clock.now().getTime() * MICROSECONDS_A_MS;
    const keys = buckets.map(({ key }) => PREFIX + key);
    const spans = buckets.flatMap(({ rate }) => [intervalOf(rate), capacityOf(rate)]);
    try {
      const answer = await this.breaker.run(() => this.redis.evaluate(TAKE, keys, [now, ...spans]));
      const [wasTaken, ...fullAt] = wholeNumbers(answer);
      return takenOf(buckets, fullAt, now, wasTaken === 1);
    } catch (error) {
      throw new BucketsUnavailable(error);
    }
  }
}

function wholeNumbers(answer: unknown): readonly number[] {
  if (Array.isArray(answer) && answer.every(Number.isSafeInteger)) return answer as readonly number[];
  throw new Error('Redis answered something else than numbers');
}
