import { DATABASES } from '../support/database';
import { cleanUp } from '../support/process';
import { toldBy } from '../support/rate-limit-headers';
import { MortalRedis } from '../support/redis-server';
import { type Replicas, twoReplicas } from '../support/replicas';

const CALLS = 200;
const BURST = 20;

const describeWithPostgres = DATABASES.includes('postgres') ? describe : describe.skip;

describeWithPostgres('two replicas on one Redis', () => {
  let redis: MortalRedis;
  let replicas: Replicas;

  beforeAll(async () => {
    redis = await MortalRedis.start();
    // So slow that none drips in while the test runs.
    const limits = { RATE_LIMITS: 'on', RATE_LIMIT_LOGIN: `1/3600/${BURST}`, RATE_LIMIT_ACCOUNT: '1/3600/100' };
    replicas = await twoReplicas({ REDIS_URL: redis.url, ...limits });
  });
  afterAll(async () => {
    await replicas.disconnect();
    await cleanUp();
    await redis.stop();
  });

  it('let through, of 200 who sign in at once, exactly the burst of one', async () => {
    const answers = await Promise.all(
      [...Array(CALLS).keys()].map((index) => {
        const { client } = replicas.both[index % 2 === 0 ? 0 : 1];
        return client.login(`user-${index}@example.com`, 'a wrong phrase to sign in');
      }),
    );
    expect(answers.filter(({ status }) => status !== 429).map(({ status }) => status)).toEqual(Array(BURST).fill(401));
    const left = answers.flatMap((answer) => (answer.status === 401 ? [toldBy(answer)?.remaining] : []));
    // No token was given twice.
    expect(left.sort((a, b) => Number(a) - Number(b))).toEqual([...Array(BURST).keys()]);
  });

  it('leave no account in Redis, and nothing that stays', async () => {
    const keys = await redis.keys();
    expect(keys).toContain('{doorward}:limit:login:127.0.0.1');
    expect(keys.filter((key) => key.startsWith('{doorward}:limit:account:'))).toHaveLength(BURST);
    expect(keys.filter((key) => /user-|example|@/.test(key))).toEqual([]);
    for (const key of keys) expect(Number(await redis.command('PTTL', key))).not.toBe(-1);
  });
});
