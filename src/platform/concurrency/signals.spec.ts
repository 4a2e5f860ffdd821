import { Signals } from './signals';

const sizeOf = (signals: Signals): number => (signals as unknown as { waiting: Map<string, unknown> }).waiting.size;

describe('signals', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  /** What became of each by now. */
  const woken = async (waiting: Record<string, Promise<void>>): Promise<string[]> => {
    const names: string[] = [];
    for (const [name, wake] of Object.entries(waiting)) void wake.then(() => names.push(name));
    await Promise.resolve();
    await Promise.resolve();
    return names;
  };

  it('wake all who wait for the key, and nobody else', async () => {
    const signals = new Signals();
    const waiting = { one: signals.next('a'), two: signals.next('a'), other: signals.next('b') };
    signals.send('a');
    expect(await woken(waiting)).toEqual(['one', 'two']);
  });

  it('are not kept: who waits after one waits for the next', async () => {
    const signals = new Signals();
    signals.send('a');
    const waiting = { one: signals.next('a') };
    expect(await woken(waiting)).toEqual([]);
    signals.send('a');
    expect(await woken(waiting)).toEqual(['one']);
  });

  it('are not waited for longer than 50 ms', async () => {
    const signals = new Signals();
    const waiting = { one: signals.next('a') };
    jest.advanceTimersByTime(49);
    expect(await woken(waiting)).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(await woken(waiting)).toEqual(['one']);
  });

  it('leave nothing behind: neither who was woken, nor who waited in vain, nor a timer', () => {
    const signals = new Signals();
    for (let key = 0; key < 50; key += 1) {
      void signals.next(String(key));
      void signals.next(String(key));
    }
    for (let key = 0; key < 25; key += 1) signals.send(String(key));
    expect([sizeOf(signals), jest.getTimerCount()]).toEqual([25, 50]);
    jest.advanceTimersByTime(50);
    expect([sizeOf(signals), jest.getTimerCount()]).toEqual([0, 0]);
    signals.send('nobody waits for this');
    expect(sizeOf(signals)).toBe(0);
  });
});
