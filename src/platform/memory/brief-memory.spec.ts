import * as fc from 'fast-check';
import { BELIEVED_MS, BriefMemory, type Look } from './brief-memory';

/** A clock in the test's hand. */
class Elapsed {
  ms = 0;

  elapsedMs(): number {
    return this.ms;
  }
}

/** A truth that can change, and counts how often it is asked. */
class Truth {
  answer: string | null = 'first';
  looks = 0;

  readonly look = (): Promise<string | null> => {
    this.looks += 1;
    return Promise.resolve(this.answer);
  };
}

type Flight = {
  readonly look: () => Promise<string | null>;
  readonly land: (answer: string | null) => void;
  readonly crash: (error: Error) => void;
};

/** A look that takes until the test says so. */
function aFlight(): Flight {
  let [land, crash]: [Flight['land'], Flight['crash']] = [() => undefined, () => undefined];
  const answer = new Promise<string | null>((resolve, reject) => {
    [land, crash] = [resolve, reject];
  });
  return { look: () => answer, land, crash };
}

describe('a brief memory', () => {
  const clock = new Elapsed();
  let memory: BriefMemory<string>;
  let truth: Truth;

  beforeEach(() => {
    clock.ms = 0;
    memory = new BriefMemory(clock);
    truth = new Truth();
  });

  const find = (more: Partial<Look<string>> = {}): Promise<string | null> =>
    memory.find({ key: 'key', subjects: ['ann', 'acme'], look: truth.look, ...more });

  it.each([
    [0, 'first'],
    [500, 'first'],
    [BELIEVED_MS - 1, 'first'],
    [BELIEVED_MS, 'second'],
    [BELIEVED_MS + 1, 'second'],
    [10 * BELIEVED_MS, 'second'],
  ])('believes an answer for less than a second: after %i ms it gives the %s', async (ms, answer) => {
    await find();
    truth.answer = 'second';
    clock.ms = ms;
    expect(await find()).toBe(answer);
  });

  it('counts from when the question was asked, however long the answer took', async () => {
    const flight = aFlight();
    const asked = find({ look: flight.look });
    clock.ms = BELIEVED_MS - 1;
    flight.land('slow');
    expect(await asked).toBe('slow');
    expect(await find()).toBe('slow');
    clock.ms = BELIEVED_MS;
    expect(await find()).toBe('first');
  });

  it('asks anew while an answer that would be too old is still under way', async () => {
    const flight = aFlight();
    const early = find({ look: flight.look });
    clock.ms = BELIEVED_MS;
    expect(await find()).toBe('first');
    flight.land('too late');
    expect(await early).toBe('too late');
    expect(await find()).toBe('first');
  });

  it('believes each answer for a second of its own, whatever else was asked before', async () => {
    await find({ key: 'earlier' });
    clock.ms = BELIEVED_MS - 1;
    await find();
    truth.answer = 'second';
    clock.ms = 2 * BELIEVED_MS - 2;
    expect(await find({ key: 'earlier' })).toBe('second');
    expect(await find()).toBe('first');
    clock.ms = 2 * BELIEVED_MS - 1;
    expect(await find()).toBe('second');
  });

  it('may be told to believe for another time', async () => {
    memory = new BriefMemory(clock, 100);
    await find();
    truth.answer = 'second';
    clock.ms = 99;
    expect(await find()).toBe('first');
    clock.ms = 100;
    expect(await find()).toBe('second');
  });

  it('asks once for all who wait for the same', async () => {
    const flight = aFlight();
    let asked = 0;
    const look = (): Promise<string | null> => {
      asked += 1;
      return flight.look();
    };
    const waiting = [find({ look }), find({ look }), find({ look })];
    flight.land('shared');
    expect(await Promise.all(waiting)).toEqual(['shared', 'shared', 'shared']);
    expect(asked).toBe(1);
  });

  it('keeps different questions apart', async () => {
    await find({ key: 'one' });
    truth.answer = 'second';
    expect([await find({ key: 'one' }), await find({ key: 'other' })]).toEqual(['first', 'second']);
  });

  describe('that is told to forget', () => {
    it.each(['ann', 'acme'])('believes no more what it knew about %s', async (subject) => {
      await find();
      truth.answer = 'second';
      clock.ms = 1;
      memory.forget(subject);
      expect(await find()).toBe('second');
    });

    it('forgets even what it learnt in the same instant', async () => {
      await find();
      truth.answer = 'second';
      memory.forget('ann');
      expect(await find()).toBe('second');
    });

    it('goes on believing what it knows about others', async () => {
      await find();
      memory.forget('bob');
      truth.answer = 'second';
      expect(await find()).toBe('first');
    });

    it('gives a question that was under way to nobody, neither who comes later nor who asked it', async () => {
      const flight = aFlight();
      const before = find({ look: flight.look });
      clock.ms = 1;
      memory.forget('ann');
      clock.ms = 2;
      truth.answer = 'after';
      const later = find();
      flight.land('before');
      expect([await before, await later]).toEqual(['after', 'after']);
      expect(await find()).toBe('after');
    });

    it('gives an answer that was under way for a second to who asked for it alone', async () => {
      const flight = aFlight();
      const first = find({ look: flight.look });
      clock.ms = 1;
      truth.answer = 'later';
      const joined = [find(), find()];
      clock.ms = BELIEVED_MS;
      flight.land('earlier');
      expect(await first).toBe('earlier');
      expect(await Promise.all(joined)).toEqual(['later', 'later']);
    });

    it.each([1, BELIEVED_MS - 1, BELIEVED_MS, 1999])('has not forgotten that it was, %i ms later', async (ms) => {
      clock.ms = 500;
      const flight = aFlight();
      const before = find({ look: flight.look });
      clock.ms = 501;
      memory.forget('ann');
      clock.ms = 501 + ms;
      // Somebody turns the memory over by asking for something else.
      await find({ key: 'else' });
      truth.answer = 'after';
      const later = find();
      flight.land('before');
      await before;
      expect(await later).toBe('after');
    });
  });

  it('does not remember that there is nothing', async () => {
    truth.answer = null;
    expect(await find()).toBeNull();
    truth.answer = 'there by now';
    expect(await find()).toBe('there by now');
  });

  it('shares "nothing" with those who wait for it', async () => {
    const flight = aFlight();
    const waiting = [find({ look: flight.look }), find()];
    flight.land(null);
    expect(await Promise.all(waiting)).toEqual([null, null]);
    expect(truth.looks).toBe(0);
  });

  it('throws what the look throws to all who wait, and does not remember it', async () => {
    const flight = aFlight();
    const waiting = [find({ look: flight.look }), find()];
    flight.crash(new Error('the database is gone'));
    const settled = await Promise.allSettled(waiting);
    expect(settled).toEqual([
      { status: 'rejected', reason: new Error('the database is gone') },
      { status: 'rejected', reason: new Error('the database is gone') },
    ]);
    expect(await find()).toBe('first');
  });

  it('keeps the newer answer when an older question fails after it', async () => {
    const flight = aFlight();
    const early = find({ look: flight.look });
    clock.ms = 1;
    memory.forget('ann');
    clock.ms = 2;
    await find();
    flight.crash(new Error('too late to matter'));
    await expect(early).rejects.toThrow('too late to matter');
    truth.answer = 'second';
    expect(await find()).toBe('first');
  });

  describe('whose answers may cease to hold', () => {
    it('asks anew when a remembered one does, before it tells anybody', async () => {
      await find();
      truth.answer = 'second';
      expect(await find({ holds: (answer) => answer !== 'first' })).toBe('second');
      expect(await find()).toBe('second');
    });

    it('gives a fresh one as it is', async () => {
      expect(await find({ holds: () => false })).toBe('first');
      expect(truth.looks).toBe(1);
    });
  });

  it('does not grow: of what was asked or forgotten two moments ago nothing is kept', async () => {
    for (let round = 0; round < 50; round++) {
      for (let each = 0; each < 20; each++) {
        await find({ key: `${round}/${each}`, subjects: [`${round}/${each}`] });
        memory.forget(`${round}/${each}`);
      }
      clock.ms += BELIEVED_MS;
    }
    const { answers, changes } = memory as unknown as Record<'answers' | 'changes', readonly Map<string, unknown>[]>;
    for (const generations of [answers, changes]) {
      expect(generations.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(40);
    }
  });

  it('is never behind by a second, nor by anything it was told of, whatever happens when', async () => {
    const step = fc.record({ waitsMs: fc.nat({ max: 1500 }), tells: fc.boolean(), changes: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        clock.ms = 0;
        memory = new BriefMemory(clock);
        truth = new Truth();
        // Every answer the truth ever gave, with when it ceased to be true, and whether anybody said so.
        const ceased = new Map<string, { readonly at: number; readonly told: boolean }>();
        for (const [at, { waitsMs, tells, changes }] of steps.entries()) {
          clock.ms += waitsMs;
          if (changes) {
            ceased.set(truth.answer!, { at: clock.ms, told: tells });
            truth.answer = `truth ${at}`;
            if (tells) memory.forget('ann');
          }
          const end = ceased.get((await find())!);
          if (!end) continue;
          expect(end.told).toBe(false);
          expect(clock.ms - end.at).toBeLessThan(BELIEVED_MS);
        }
      }),
    );
  });
});
