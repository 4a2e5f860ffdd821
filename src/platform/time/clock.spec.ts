import { SystemClock } from './clock';

const START = new Date('2026-01-01T12:00:00.000Z');
const after = (milliseconds: number): Date => new Date(START.getTime() + milliseconds);

describe('the clock of the system', () => {
  let clock: SystemClock;

  beforeEach(() => {
    jest.useFakeTimers({ now: START });
    clock = new SystemClock();
  });
  afterEach(() => jest.useRealTimers());

  const passes = (milliseconds: number): void => {
    jest.advanceTimersByTime(milliseconds);
  };

  it('tells the time of this machine as of its start', () => {
    expect(clock.now()).toEqual(START);
    passes(1500);
    expect(clock.now()).toEqual(after(1500));
  });

  it('does not jump when somebody sets the clock of the machine', () => {
    jest.setSystemTime(after(3_600_000));
    expect(clock.now()).toEqual(START);
  });

  it.each([251, 20_000, 86_400_000, -251, -20_000, -86_400_000])('follows who is %i ms off, and goes on', (offMs) => {
    clock.follow(after(offMs));
    expect(clock.now()).toEqual(after(offMs));
    passes(1500);
    expect(clock.now()).toEqual(after(offMs + 1500));
  });

  it.each([0, 1, 250, -1, -250])('leaves a difference of %i ms alone', (offMs) => {
    clock.follow(after(offMs));
    expect(clock.now()).toEqual(START);
  });

  it('follows again from where it is by then, and tolerates as much there', () => {
    clock.follow(after(20_000));
    passes(15_000);
    clock.follow(after(35_250));
    expect(clock.now()).toEqual(after(35_000));
    clock.follow(after(36_000));
    expect(clock.now()).toEqual(after(36_000));
    clock.follow(after(15_000));
    expect(clock.now()).toEqual(after(15_000));
  });

  it('measures what elapsed without regard to whom it follows', () => {
    const before = clock.elapsedMs();
    clock.follow(after(20_000));
    expect(clock.elapsedMs()).toBe(before);
    passes(1500);
    clock.follow(after(-20_000));
    expect(clock.elapsedMs()).toBe(before + 1500);
  });
});
