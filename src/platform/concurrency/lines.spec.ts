import { AsyncLocalStorage } from 'node:async_hooks';
import { Overloaded } from '../../kernel/domain-error';
import { Lines } from './lines';

const sizeOf = (lines: Lines): number => (lines as unknown as { lines: Map<string, unknown> }).lines.size;

/** A point that tasks wait at. */
function barrier(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

async function ticks(count: number): Promise<void> {
  for (let tick = 0; tick < count; tick += 1) await Promise.resolve();
}

describe('lines of callers', () => {
  it('let one after the other of a line go, in the order they came', async () => {
    const lines = new Lines({ room: 10, patienceMs: 5_000 });
    const order: string[] = [];
    await Promise.all(
      ['first', 'second', 'third'].map((name, index) =>
        lines.run('a', async () => {
          order.push(`${name} begins`);
          await ticks(3 - index);
          order.push(`${name} ends`);
        }),
      ),
    );
    expect(order).toEqual(['first', 'second', 'third'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it('do not hold each other up', async () => {
    const lines = new Lines({ room: 0, patienceMs: 5_000 });
    const end = barrier();
    const held = lines.run('a', () => end.opened);
    expect(await lines.run('b', () => Promise.resolve('through'))).toBe('through');
    await expect(lines.run('a', () => Promise.resolve())).rejects.toThrow(Overloaded);
    end.open();
    await held;
  });

  it('are only so long, each of them: whoever comes after that is refused at once', async () => {
    const lines = new Lines({ room: 2, patienceMs: 5_000 });
    const end = barrier();
    const held = ['a', 'a', 'a', 'b', 'b', 'b'].map((key) => lines.run(key, () => end.opened));
    for (const key of ['a', 'b']) await expect(lines.run(key, () => Promise.resolve())).rejects.toThrow(Overloaded);
    end.open();
    await Promise.all(held);
    expect(await lines.run('a', () => Promise.resolve('again'))).toBe('again');
  });

  it('go on after one that failed, which hears of it', async () => {
    const lines = new Lines({ room: 10, patienceMs: 5_000 });
    const failed = lines.run('a', () => Promise.reject(new Error('mine')));
    const next = lines.run('a', () => Promise.resolve('next'));
    await expect(failed).rejects.toThrow('mine');
    expect(await next).toBe('next');
  });

  it('leave nothing behind, whether their callers went through, failed or were refused', async () => {
    const lines = new Lines({ room: 1, patienceMs: 5_000 });
    const end = barrier();
    const going = Array.from({ length: 50 }, (_, key) => [
      lines.run(String(key), () => end.opened),
      lines.run(String(key), () => Promise.reject(new Error('mine'))),
      lines.run(String(key), () => Promise.resolve()),
    ]).flat();
    expect(sizeOf(lines)).toBe(50);
    end.open();
    await Promise.allSettled(going);
    expect(sizeOf(lines)).toBe(0);
  });

  it.each([1, 2, 5])('leave nothing behind of %i whose turn did not come in time', async (count) => {
    jest.useFakeTimers();
    const lines = new Lines({ room: 10, patienceMs: 100 });
    const end = barrier();
    const held = lines.run('a', () => end.opened);
    const late = Promise.allSettled(Array.from({ length: count }, () => lines.run('a', () => Promise.resolve())));
    await ticks(5);
    jest.advanceTimersByTime(100);
    jest.useRealTimers();
    expect((await late).map(({ status }) => status)).toEqual(Array(count).fill('rejected'));
    end.open();
    await held;
    await ticks(20);
    expect(sizeOf(lines)).toBe(0);
  });

  it('never let two of a line go at once, however short the first ones are and whenever another comes', async () => {
    const meetings: string[] = [];
    for (const [first, second] of pairs(0, 6)) {
      for (let arrival = 0; arrival <= 16; arrival += 1) {
        const lines = new Lines({ room: 10, patienceMs: 5_000 });
        let inside = 0;
        const task = (length: number) => async (): Promise<void> => {
          inside += 1;
          if (inside > 1) meetings.push(`${first}, ${second}, after ${arrival}`);
          await ticks(length);
          inside -= 1;
        };
        const going = [lines.run('a', task(first)), lines.run('a', task(second))];
        await ticks(arrival);
        going.push(lines.run('a', task(8)));
        await ticks(4);
        going.push(lines.run('a', task(1)));
        await Promise.all(going);
      }
    }
    expect(meetings).toEqual([]);
  });

  it('know each as its own request', async () => {
    const request = new AsyncLocalStorage<string>();
    const lines = new Lines({ room: 10, patienceMs: 5_000 });
    const seen = await Promise.all(
      ['ann', 'bob', 'eve'].map((name) =>
        request.run(name, () => lines.run('a', () => Promise.resolve(request.getStore()))),
      ),
    );
    expect(seen).toEqual(['ann', 'bob', 'eve']);
  });
});

function pairs(from: number, to: number): [number, number][] {
  const all = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return all.flatMap((one) => all.map((other): [number, number] => [one, other]));
}
