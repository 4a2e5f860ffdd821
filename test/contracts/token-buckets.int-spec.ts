import * as fc from 'fast-check';
import type { Rate } from '../../src/platform/config/settings';
import type { Bucket, Taken, TokenBuckets } from '../../src/platform/limits/token-buckets';
import { aBucket, inMemory, inRedis, type OpenBuckets, SetClock } from '../support/token-buckets';

const STORES: readonly [string, (clock: SetClock) => Promise<OpenBuckets>][] = [
  ['memory', inMemory],
  ['Redis', inRedis],
];

const times = async (count: number, call: () => Promise<Taken>): Promise<Taken[]> => {
  const answers: Taken[] = [];
  for (let index = 0; index < count; index += 1) answers.push(await call());
  return answers;
};
const kindsOf = (answers: readonly Taken[]): readonly Taken['kind'][] => answers.map(({ kind }) => kind);

describe.each(STORES)('token buckets in %s', (_, open) => {
  const clock = new SetClock();
  let store: OpenBuckets;
  let buckets: TokenBuckets;

  beforeAll(async () => {
    store = await open(clock);
    buckets = store.buckets;
  });
  afterAll(() => {
    store.close();
  });

  it('give their burst at once, and then a token at each interval', async () => {
    const bucket = aBucket();
    const answers = await times(21, () => buckets.take([bucket]));
    expect(answers.map(({ levels }) => levels[0]?.remaining)).toEqual([...Array(20).keys()].reverse().concat(0));
    expect(kindsOf(answers)).toEqual([...Array<string>(20).fill('taken'), 'refused']);
    clock.ms += 5_999;
    expect((await buckets.take([bucket])).kind).toBe('refused');
    clock.ms += 1;
    expect(kindsOf(await times(2, () => buckets.take([bucket])))).toEqual(['taken', 'refused']);
  });

  it('say where each stands, in the order asked', async () => {
    const [wide, narrow] = [aBucket(), aBucket({ rate: { count: 5, seconds: 60, burst: 5 } })];
    await buckets.take([wide]);
    expect(await buckets.take([wide, narrow])).toEqual({
      kind: 'taken',
      levels: [
        { remaining: 18, nextSeconds: 6, fullSeconds: 12 },
        { remaining: 4, nextSeconds: 12, fullSeconds: 12 },
      ],
    });
  });

  it('spend no token of any when one of them has none, and say which and for how long', async () => {
    const [wide, narrow] = [aBucket(), aBucket({ rate: { count: 1, seconds: 90, burst: 1 } })];
    await buckets.take([narrow]);
    clock.ms += 500;
    const refused = {
      kind: 'refused',
      levels: [
        { remaining: 20, nextSeconds: 0, fullSeconds: 0 },
        { remaining: 0, nextSeconds: 90, fullSeconds: 90 },
      ],
      lacking: 1,
      retryAfterSeconds: 90,
    };
    expect(await buckets.take([wide, narrow])).toEqual(refused);
    expect(await buckets.take([wide, narrow])).toEqual(refused);
    expect((await buckets.take([wide])).levels[0]?.remaining).toBe(19);
  });

  it('name, of several without a token, the one to wait for longest: after that all have one', async () => {
    const [soon, late] = [1, 60].map((seconds) => aBucket({ rate: { count: 1, seconds, burst: 1 } })) as [
      Bucket,
      Bucket,
    ];
    await buckets.take([soon, late]);
    expect(await buckets.take([late, soon])).toMatchObject({ kind: 'refused', lacking: 0, retryAfterSeconds: 60 });
    expect(await buckets.take([soon, late])).toMatchObject({ kind: 'refused', lacking: 1, retryAfterSeconds: 60 });
    clock.ms += 60_000;
    expect((await buckets.take([soon, late])).kind).toBe('taken');
  });

  it('give 200 who come at once exactly the burst', async () => {
    const [shared, wide] = [aBucket(), aBucket({ rate: { count: 600, seconds: 60, burst: 1_000 } })];
    const answers = await Promise.all([...Array(200).keys()].map(() => buckets.take([wide, shared])));
    expect(kindsOf(answers).filter((kind) => kind === 'taken')).toHaveLength(20);
    expect((await buckets.take([wide])).levels[0]?.remaining).toBe(1_000 - 21);
  });

  it('give nothing twice to a clock that is behind', async () => {
    const bucket = aBucket({ rate: { count: 1, seconds: 60, burst: 2 } });
    await times(2, () => buckets.take([bucket]));
    clock.ms -= 20_000;
    expect(await buckets.take([bucket])).toMatchObject({ kind: 'refused', retryAfterSeconds: 80 });
    clock.ms += 20_000;
    expect(await buckets.take([bucket])).toMatchObject({ kind: 'refused', retryAfterSeconds: 60 });
  });

  it('speak the throttler’s language too', async () => {
    const { key } = aBucket();
    const increment = () => buckets.increment(key, 60_000, 2);
    expect(await increment()).toEqual({ totalHits: 1, timeToExpire: 30, isBlocked: false, timeToBlockExpire: 0 });
    expect(await increment()).toEqual({ totalHits: 2, timeToExpire: 60, isBlocked: false, timeToBlockExpire: 0 });
    expect(await increment()).toEqual({ totalHits: 3, timeToExpire: 60, isBlocked: true, timeToBlockExpire: 30 });
  });
});

/** Slow enough that the time the test itself takes fills none of them. */
const RATES: readonly Rate[] = [
  { count: 7, seconds: 600, burst: 3 },
  { count: 1, seconds: 90, burst: 1 },
  { count: 10, seconds: 1_200, burst: 20 },
];
const steps = fc.array(
  fc.record({
    passedMs: fc.oneof(fc.integer({ min: -3_000, max: 3_000 }), fc.integer({ min: 0, max: 200_000 })),
    of: fc.subarray([0, 1, 2], { minLength: 1 }),
  }),
  { maxLength: 40 },
);

it('token buckets in memory and in Redis answer the same to whatever is asked whenever', async () => {
  const clock = new SetClock();
  const stores = await Promise.all([inMemory(clock), inRedis(clock)]);
  try {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const all = RATES.map((rate) => aBucket({ rate }));
        for (const { passedMs, of } of sequence) {
          clock.ms += passedMs;
          const asked = all.filter((_, index) => of.includes(index));
          const [inMemory, inRedis] = await Promise.all(stores.map(({ buckets }) => buckets.take(asked)));
          expect(inRedis).toEqual(inMemory);
        }
      }),
      { numRuns: 60 },
    );
  } finally {
    for (const { close } of stores) close();
  }
});
