import { AsyncLocalStorage } from 'node:async_hooks';
import { promise as queueOf, type queueAsPromised } from 'fastq';
import { Overloaded } from '../../kernel/domain-error';

type Task = () => Promise<void>;

/** Work of which only so much is done at once, and only so much waits. What is too much is refused at once, not queued. */
export class BoundedWork {
  private readonly queue: queueAsPromised<Task, void>;

  /** @param room how many may wait */
  constructor(
    concurrency: number,
    private readonly room: number,
  ) {
    this.queue = queueOf((task: Task) => task(), concurrency);
  }

  /** Whether one more would be refused, where only `room` may wait. */
  isFull(room: number = this.room): boolean {
    return this.queue.running() >= this.queue.concurrency && this.queue.length() >= room;
  }

  get isIdle(): boolean {
    return this.queue.idle();
  }

  /** Throws Overloaded when more than `room` wait already, and what the task throws. */
  async run<T>(task: () => Promise<T>, room: number = this.room): Promise<T> {
    if (this.isFull(room)) throw new Overloaded();
    // A queue begins a task on behalf of whoever ended the one before; what runs must be known as its own request.
    const asCaller = AsyncLocalStorage.snapshot();
    return new Promise<T>((resolve, reject) => {
      const work = async (): Promise<T> => task();
      void this.queue.push(() => asCaller(work).then(resolve, reject));
    });
  }
}
