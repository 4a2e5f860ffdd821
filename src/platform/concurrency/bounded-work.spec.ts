import { AsyncLocalStorage } from 'node:async_hooks';
import { Overloaded } from '../../kernel/domain-error';
import { BoundedWork } from './bounded-work';

/** A task that ends when it is told to, were it before it begins. */
class Task {
  begun = false;
  end!: (answer?: string) => void;
  fail!: (error: Error) => void;
  private readonly ended = new Promise<string>((resolve, reject) => {
    this.end = (answer = 'done') => {
      resolve(answer);
    };
    this.fail = reject;
  });

  readonly run = (): Promise<string> => {
    this.begun = true;
    return this.ended;
  };
}

const tasks = (count: number): Task[] => Array.from({ length: count }, () => new Task());
const begunOf = (all: readonly Task[]): boolean[] => all.map(({ begun }) => begun);

const aWork = (concurrency: number, room: number): BoundedWork =>
  new BoundedWork({ concurrency, room, patienceMs: 5_000 });

describe('bounded work', () => {
  it('is done so many at once, the others in the order they came', async () => {
    const work = aWork(2, 2);
    const all = tasks(4);
    const [first, second, third, fourth] = all as [Task, Task, Task, Task];
    const answers = all.map((task) => work.run(task.run));
    expect(begunOf(all)).toEqual([true, true, false, false]);
    second.end('second');
    expect(await answers[1]).toBe('second');
    expect(begunOf(all)).toEqual([true, true, true, false]);
    third.end('third');
    first.end('first');
    expect(await Promise.all(answers.slice(0, 3))).toEqual(['first', 'second', 'third']);
    expect(begunOf(all)).toEqual([true, true, true, true]);
    fourth.end('fourth');
    expect(await answers[3]).toBe('fourth');
  });

  it('is refused at once when too much waits, and taken on again when less does', async () => {
    const work = aWork(1, 1);
    const [running, waiting, refused, later] = tasks(4) as [Task, Task, Task, Task];
    const ran = work.run(running.run);
    const waited = work.run(waiting.run);
    await expect(work.run(refused.run)).rejects.toThrow(Overloaded);
    expect(refused.begun).toBe(false);
    running.end();
    await ran;
    const lately = work.run(later.run);
    waiting.end();
    await waited;
    later.end();
    expect(await lately).toBe('done');
  });

  it('waits for nothing where nothing may wait', async () => {
    const work = aWork(1, 0);
    const running = new Task();
    const ran = work.run(running.run);
    await expect(work.run(new Task().run)).rejects.toThrow(Overloaded);
    running.end();
    await ran;
  });

  it('is refused when the turn does not come in time, and then passed over', async () => {
    const work = new BoundedWork({ concurrency: 1, room: 2, patienceMs: 20 });
    const [running, impatient, next] = tasks(3) as [Task, Task, Task];
    const ran = work.run(running.run);
    await expect(work.run(impatient.run)).rejects.toThrow(Overloaded);
    running.end();
    await ran;
    const went = work.run(next.run);
    next.end('next');
    expect(await went).toBe('next');
    expect(impatient.begun).toBe(false);
  });

  it('goes before all that waits when it is urgent', async () => {
    const work = aWork(1, 10);
    const [running, waiting, urgent] = tasks(3) as [Task, Task, Task];
    const answers = [work.run(running.run), work.run(waiting.run), work.run(urgent.run, true)];
    running.end();
    await answers[0];
    expect([waiting.begun, urgent.begun]).toEqual([false, true]);
    urgent.end();
    waiting.end();
    await Promise.all(answers);
  });

  it('is as before after a task that failed, or threw before it began', async () => {
    const work = aWork(1, 3);
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
  });

  it('is known as its caller’s, whoever ended the one before', async () => {
    const request = new AsyncLocalStorage<string>();
    const work = aWork(1, 10);
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
