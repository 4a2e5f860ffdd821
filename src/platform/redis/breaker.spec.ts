import { Breaker, NotAsked } from './breaker';

const REST_MS = 500;

describe('a breaker', () => {
  const clock = { ms: 0, elapsedMs: (): number => clock.ms };
  let told: unknown[];
  let breaker: Breaker;
  let asked: number;

  beforeEach(() => {
    clock.ms = 1_000;
    told = [];
    asked = 0;
    breaker = new Breaker(clock, {
      restMs: REST_MS,
      onBroken: (error) => told.push(error),
      onHealed: () => told.push('healed'),
    });
  });

  const failure = new Error('no connection');
  const works = (): Promise<string> => {
    asked += 1;
    return Promise.resolve('answer');
  };
  const fails = (): Promise<string> => {
    asked += 1;
    return Promise.reject(failure);
  };

  it('gives the answer, and asks each time, while there are answers', async () => {
    expect(await Promise.all([breaker.run(works), breaker.run(works)])).toEqual(['answer', 'answer']);
    expect([asked, told]).toEqual([2, []]);
  });

  it('gives the failure to who asked, and asks no more for a while', async () => {
    await expect(breaker.run(fails)).rejects.toBe(failure);
    clock.ms += REST_MS - 1;
    await expect(breaker.run(works)).rejects.toThrow(NotAsked);
    expect(asked).toBe(1);
    clock.ms += 1;
    expect(await breaker.run(works)).toBe('answer');
    expect(await breaker.run(works)).toBe('answer');
  });

  it('sends one ahead after the rest, and refuses the others until that one is back', async () => {
    await expect(breaker.run(fails)).rejects.toBe(failure);
    clock.ms += REST_MS;
    const [first, second] = [breaker.run(works), breaker.run(works)];
    await expect(second).rejects.toThrow(NotAsked);
    expect(await first).toBe('answer');
    expect(await breaker.run(works)).toBe('answer');
  });

  it('rests anew when who went ahead fails too', async () => {
    await expect(breaker.run(fails)).rejects.toBe(failure);
    clock.ms += REST_MS;
    await expect(breaker.run(fails)).rejects.toBe(failure);
    clock.ms += REST_MS - 1;
    await expect(breaker.run(works)).rejects.toThrow(NotAsked);
  });

  it('tells once that it broke and once that it healed', async () => {
    for (let round = 0; round < 3; round += 1) {
      await expect(breaker.run(fails)).rejects.toBe(failure);
      clock.ms += REST_MS;
    }
    await breaker.run(works);
    await breaker.run(works);
    expect(told).toEqual([failure, 'healed']);
  });
});
