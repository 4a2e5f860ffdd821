import fc from 'fast-check';
import { deviceSource, type GuessSource, networkSource, sessionSource } from './guess-source';
import { type Failure, Lockout, type LockoutPolicy, type Start } from './lockout';

const POLICY: LockoutPolicy = { threshold: 5, firstDelaySeconds: 60, longestDelaySeconds: 900, stopAfter: 100 };
const START = new Date('2026-01-01T00:00:00.000Z');
const STRANGER = networkSource('203.0.113.0/24', 'source');
const OTHER = networkSource('198.51.100.0/24', 'source');
const OWNER = deviceSource('0123');

const after = (seconds: number): Date => new Date(START.getTime() + seconds * 1000);

/** An account under guesses, with the time in the test's hand. */
class Account {
  private readonly lockout = Lockout.clean('00000000-0000-8000-8000-000000000000', START);
  private checks = 0;

  constructor(private readonly policy: LockoutPolicy = POLICY) {}

  begin(source: GuessSource, now = START): { readonly start: Start; readonly id: string } {
    const id = String((this.checks += 1));
    return { start: this.lockout.begin(source, id, this.policy, now), id };
  }

  wrong(source: GuessSource, now = START): Failure {
    const { start, id } = this.begin(source, now);
    if (start !== 'check') throw new Error(`The password was not compared: ${start}`);
    return this.fail(source, id, now);
  }

  fail(source: GuessSource, id: string, now = START): Failure {
    return this.lockout.fail(source, id, this.policy, now);
  }

  right(source: GuessSource, now = START): Start {
    const { start, id } = this.begin(source, now);
    if (start === 'check') this.lockout.pass(source, id, now);
    return start;
  }

  wrongTimes(count: number, source: GuessSource, now = START): Failure | undefined {
    return Array.from({ length: count }, () => this.wrong(source, now)).at(-1);
  }

  /** One wrong password each from so many networks nobody has seen. */
  wrongFromAll(count: number, now = START, from = 0): void {
    for (let n = from; n < from + count; n += 1) this.wrong(networkSource(`net-${n}`, 'source'), now);
  }

  get state(): ReturnType<Lockout['snapshot']> {
    return this.lockout.snapshot();
  }

  release(id: string): void {
    this.lockout.release(id, START);
  }

  recover(now = START): boolean {
    return this.lockout.recover(now);
  }
}

describe('a source that types wrong passwords', () => {
  it('goes on after four of them and waits a minute after the fifth', () => {
    const account = new Account();
    expect(account.wrongTimes(4, STRANGER)?.lockedUntil).toBeNull();
    expect(account.wrong(STRANGER).lockedUntil).toEqual(after(60));
    expect(account.begin(STRANGER, after(59.999)).start).toBe('locked');
    expect(account.begin(STRANGER, after(60)).start).toBe('check');
  });

  it('waits twice as long after each further one, and never longer than a quarter of an hour', () => {
    const account = new Account();
    account.wrongTimes(4, STRANGER);
    let now = 0;
    const waits = [60, 120, 240, 480, 900, 900].map((seconds) => {
      const { lockedUntil } = account.wrong(STRANGER, after(now));
      const waited = (lockedUntil!.getTime() - after(now).getTime()) / 1000;
      now += seconds;
      return waited;
    });
    expect(waits).toEqual([60, 120, 240, 480, 900, 900]);
  });

  it('learns nothing by trying while it waits: nothing is compared, nothing counted, the wait does not grow', () => {
    const account = new Account();
    account.wrongTimes(5, STRANGER);
    const { failures, sources } = account.state;
    for (let second = 0; second < 60; second += 1) expect(account.right(STRANGER, after(second))).toBe('locked');
    expect(account.state).toMatchObject({ failures, sources });
    expect(account.right(STRANGER, after(60))).toBe('check');
  });

  it('keeps nobody else out', () => {
    const account = new Account();
    account.wrongTimes(5, STRANGER);
    expect([OTHER, OWNER, sessionSource('s')].map((source) => account.right(source))).toEqual([
      'check',
      'check',
      'check',
    ]);
  });

  it('is everybody nobody knows, where the account is what gets locked', () => {
    const account = new Account();
    account.wrongTimes(5, networkSource('203.0.113.0/24', 'account'));
    expect(account.right(networkSource('198.51.100.0/24', 'account'))).toBe('locked');
    expect(account.right(OWNER)).toBe('check');
  });

  it('is forgiven by a right one, and by a day without any', () => {
    const account = new Account();
    account.wrongTimes(4, STRANGER);
    expect(account.right(STRANGER)).toBe('check');
    expect(account.wrongTimes(4, STRANGER)?.lockedUntil).toBeNull();
    expect(account.wrongTimes(4, STRANGER, after(86_400))?.lockedUntil).toBeNull();
  });

  it('has one attempt at a time after a wait', () => {
    const account = new Account();
    account.wrongTimes(5, STRANGER);
    expect(account.begin(STRANGER, after(60)).start).toBe('check');
    expect(account.begin(STRANGER, after(60)).start).toBe('wait');
  });
});

describe('passwords that come at once', () => {
  it('are compared as long as all of them may be wrong; the others wait for how that ends', () => {
    const account = new Account();
    const begun = Array.from({ length: 8 }, () => account.begin(STRANGER));
    expect(begun.map(({ start }) => start)).toEqual([...Array<Start>(5).fill('check'), 'wait', 'wait', 'wait']);
    for (const { id } of begun.slice(0, 5)) account.fail(STRANGER, id);
    expect(account.begin(STRANGER).start).toBe('locked');
  });

  it('go on when one of them turns out right, or was not compared after all', () => {
    const account = new Account();
    const begun = Array.from({ length: 5 }, () => account.begin(STRANGER));
    account.release(begun[0]!.id);
    expect(account.right(STRANGER)).toBe('check');
    expect(account.begin(STRANGER).start).toBe('check');
    expect(account.begin(STRANGER).start).toBe('wait');
  });

  it('do not wait for a process that is gone', () => {
    const account = new Account();
    for (let n = 0; n < 5; n += 1) account.begin(STRANGER);
    expect(account.begin(STRANGER, after(14.999)).start).toBe('wait');
    expect(account.begin(STRANGER, after(15)).start).toBe('check');
  });

  it('from many places are together no more than may still fail before the account is stopped', () => {
    const account = new Account();
    account.wrongFromAll(97);
    const starts = Array.from({ length: 10 }, (_, n) => account.begin(networkSource(`new-${n}`, 'source')).start);
    expect(starts.filter((start) => start === 'check')).toHaveLength(3);
    expect(account.begin(OWNER).start).toBe('check');
  });

  it('never lead to more wrong ones than the policy allows, in whatever order they begin and end', () => {
    const step = fc.record({ source: fc.integer({ min: 0, max: 3 }), ends: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const account = new Account({ ...POLICY, threshold: 3, stopAfter: 7 });
        const open: { source: GuessSource; id: string }[] = [];
        const compared = new Map<string, number>();
        for (const { source: n, ends } of steps) {
          const source = networkSource(`net-${n}`, 'source');
          const begun = account.begin(source);
          if (begun.start === 'check') {
            open.push({ source, id: begun.id });
            compared.set(source.key, (compared.get(source.key) ?? 0) + 1);
          }
          const ending = ends ? open.shift() : undefined;
          if (ending) account.fail(ending.source, ending.id);
        }
        expect(Math.max(0, ...compared.values())).toBeLessThanOrEqual(3);
        expect([...compared.values()].reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(7);
      }),
    );
  });
});

describe('an account that is guessed at from everywhere', () => {
  it('is stopped by the hundredth wrong password in a row, and stays so until it recovers', () => {
    const account = new Account();
    account.wrongFromAll(99);
    expect(account.right(OTHER)).toBe('check');
    account.wrongFromAll(99, START, 200);
    expect(account.wrong(OTHER)).toMatchObject({ failures: 100, stopped: true });
    for (const days of [0, 1, 365]) expect(account.right(STRANGER, after(days * 86_400))).toBe('stopped');
    expect(account.recover()).toBe(true);
    expect(account.right(STRANGER)).toBe('check');
  });

  it('opens to a device its owner has signed in on, and to a session', () => {
    const account = new Account();
    account.wrongFromAll(100);
    expect([account.right(OWNER), account.right(sessionSource('s'))]).toEqual(['check', 'check']);
  });

  it('does not hand out more guesses because its owner signs in on a known device', () => {
    const account = new Account();
    account.wrongFromAll(99);
    expect(account.right(OWNER)).toBe('check');
    expect(account.wrong(STRANGER).stopped).toBe(true);
  });

  it('is one its owner hears of at the tenth and the fiftieth, and at no other', () => {
    const account = new Account();
    const told = Array.from({ length: 99 }, (_, n) => account.wrong(networkSource(`net-${n}`, 'source')))
      .filter(({ ownerIsTold }) => ownerIsTold)
      .map(({ failures }) => failures);
    expect(told).toEqual([10, 50]);
  });

  it('keeps no more than a few hundred sources, the latest', () => {
    const account = new Account({ ...POLICY, stopAfter: 1000 });
    account.wrongFromAll(300);
    const kept = Object.keys(account.state.sources);
    expect(kept).toHaveLength(256);
    expect(kept).toContain('network:net-299');
  });
});

describe('a known device', () => {
  it('waits after its own wrong passwords, like everybody', () => {
    const account = new Account();
    account.wrongTimes(5, OWNER);
    expect(account.right(OWNER)).toBe('locked');
    expect(account.right(OWNER, after(60))).toBe('check');
  });

  it('is stopped by its own hundred: a stolen one guesses no more than a stranger', () => {
    const account = new Account({ ...POLICY, longestDelaySeconds: 60 });
    let now = 0;
    for (let n = 0; n < 100; n += 1) account.wrong(OWNER, after((now += 60)));
    expect(account.right(OWNER, after(now + 60))).toBe('stopped');
    expect(account.right(deviceSource('another'), after(now + 60))).toBe('check');
  });
});

describe('a day under attack from ten thousand networks', () => {
  const NETWORKS = Array.from({ length: 10_000 }, (_, n) => networkSource(`net-${n}`, 'source'));

  /** Every network tries every hour; the owner signs in every hour on a known device. */
  it('gives the attacker a hundred guesses, and the owner every sign-in', () => {
    const account = new Account();
    let guesses = 0;
    const owner: Start[] = [];
    for (let hour = 0; hour < 24; hour += 1) {
      const now = after(hour * 3600);
      for (const network of NETWORKS) {
        const { start, id } = account.begin(network, now);
        if (start !== 'check') continue;
        guesses += 1;
        account.fail(network, id, now);
      }
      owner.push(account.right(OWNER, now));
    }
    expect(guesses).toBe(100);
    expect(owner).toEqual(Array<Start>(24).fill('check'));
  });
});
