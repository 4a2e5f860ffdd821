import { AsyncLocalStorage } from 'node:async_hooks';
import queueOf, { type queue as Queue } from 'fastq';
import { Overloaded } from '../../kernel/domain-error';

/** Says by `done` when the next may begin. */
type Task = (done: (error: null) => void) => void;

export type WorkBounds = {
  /** How much is done at once. */
  readonly concurrency: number;
  /** How much may wait for that. */
  readonly room: number;
  /** For how long. */
  readonly patienceMs: number;
};

/** Work of which only so much is done at once, and only so much waits. What is too much is refused at once, not queued. */
export class BoundedWork {
  private readonly queue: Queue<Task, void>;

  constructor(private readonly bounds: WorkBounds) {
    this.queue = queueOf((task: Task, done: (error: null) => void) => {
      task(done);
    }, bounds.concurrency);
  }

  /**
   * Throws Overloaded when too much waits already or the turn does not come in time, and what the task throws.
   * @param isUrgent whether it goes before all that wait
   */
  async run<T>(task: () => Promise<T>, isUrgent = false): Promise<T> {
    const { concurrency, room, patienceMs } = this.bounds;
    if (this.queue.running() >= concurrency && this.queue.length() >= room) throw new Overloaded();
    // A queue begins a task on behalf of whoever ended the one before; what runs must be known as its own request.
    const asCaller = AsyncLocalStorage.snapshot();
    return new Promise<T>((resolve, reject) => {
      let hasLeft = false;
      const timer = setTimeout(() => {
        hasLeft = true;
        reject(new Overloaded());
      }, patienceMs);
      const work = async (): Promise<T> => task();
      const turn = (done: (error: null) => void): void => {
        clearTimeout(timer);
        // Whoever has left is passed over.
        if (hasLeft) done(null);
        // The next one's turn begins before the answer of this one is acted upon.
        else {
          const doneWith = asCaller(work).finally(() => {
            done(null);
          });
          doneWith.then(resolve, reject);
        }
      };
      if (isUrgent) this.queue.unshift(turn);
      else this.queue.push(turn);
    });
  }
}
