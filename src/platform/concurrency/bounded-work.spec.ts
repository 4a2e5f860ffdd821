import { AsyncLocalStorage } from 'node:async_hooks';
import { Overloaded } from '../../kernel/domain-error';
import { BoundedWork } from './bounded-work';

/** A task that ends when it is told to. */
class Task {
  begun = false;
  private resolve: (answer: string) => void = () => undefined;
  private reject: (error: Error) => void = () => undefined;

  readonly run = (): Promise<string> => {
    this.begun = true;
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  };

  end(answer = 'done'): void {
    this.resolve(answer);
  }

  fail(error: Error): void {
    this.reject(error);
  }
}

const tasks = (count: number): Task[] => Array.from({ length: count }, () => new Task());
const begunOf = (all: readonly Task[]): boolean[] => all.map(({ begun }) => begun);

describe('bounded work', () => {
  it('is done so many at once, the others in the order they came', async () => {
    const work = new BoundedWork(2, 2);
    const all = tasks(4);
    const [first, second, third, fourth] = all as [Task, Task, Task, Task];
    const answers = all.map((task) => work.run(task.run));
    expect(begunOf(all)).toEqual([true, true, false, false]);
    second.end('second');
    expect(await answers[1]).toBe('second');
    expect(begunOf(all)).toEqual([true, true, true, false]);
    third.end('third');
    first.end('first');
    fourth.end();
    expect(await Promise.all(answers.slice(0, 3))).toEqual(['first', 'second', 'third']);
    expect(begunOf(all)).toEqual([true, true, true, true]);
    fourth.end('fourth');
    expect(await answers[3]).toBe('fourth');
  });

  it('is refused at once when too much waits, and taken on again when less does', async () => {
    const work = new BoundedWork(1, 1);
    const [running, waiting, refused, later] = tasks(4) as [Task, Task, Task, Task];
    const ran = work.run(running.run);
    expect(work.isFull()).toBe(false);
    const waited = work.run(waiting.run);
    expect(work.isFull()).toBe(true);
    await expect(work.run(refused.run)).rejects.toThrow(Overloaded);
    expect(refused.begun).toBe(false);
    running.end();
    await ran;
    expect(work.isFull()).toBe(false);
    const lately = work.run(later.run);
    waiting.end();
    await waited;
    later.end();
    expect(await lately).toBe('done');
  });

  it('waits for nothing where nothing may wait', async () => {
    const work = new BoundedWork(1, 0);
    const running = new Task();
    const ran = work.run(running.run);
    await expect(work.run(new Task().run)).rejects.toThrow(Overloaded);
    running.end();
    await ran;
    expect(work.isIdle).toBe(true);
  });

  it('may be given less room than there is', async () => {
    const work = new BoundedWork(1, 4);
    const [running, waiting] = tasks(2) as [Task, Task];
    void work.run(running.run, 1);
    const waited = work.run(waiting.run, 1);
    expect([work.isFull(1), work.isFull()]).toEqual([true, false]);
    await expect(work.run(new Task().run, 1)).rejects.toThrow(Overloaded);
    const last = new Task();
    const lasted = work.run(last.run);
    running.end();
    waiting.end();
    await Promise.race([waited, lasted, Promise.resolve()]);
    waiting.end();
    await waited;
    last.end();
    expect(await lasted).toBe('done');
  });

  it('is as before after a task that failed, or threw before it began', async () => {
    const work = new BoundedWork(1, 3);
    const [failing, next] = tasks(2) as [Task, Task];
    const failed = work.run(failing.run);
    const threw = work.run(() => {
      throw new Error('at once');
    });
    const went = work.run(next.run);
    failing.fail(new Error('in the end'));
    await expect(failed).rejects.toThrow('in the end');
    await expect(threw).rejects.toThrow('at once');
    next.end('next');
    expect(await went).toBe('next');
    expect(work.isIdle).toBe(true);
  });

  it('is known as its caller’s, whoever ended the one before', async () => {
    const request = new AsyncLocalStorage<string>();
    const work = new BoundedWork(1, 10);
    const seen = await Promise.all(
      ['ann', 'bob', 'eve'].map((name) =>
        request.run(name, () =>
          work.run(async () => {
            await Promise.resolve();
            return request.getStore();
          }),
        ),
      ),
    );
    expect(seen).toEqual(['ann', 'bob', 'eve']);
  });
});
