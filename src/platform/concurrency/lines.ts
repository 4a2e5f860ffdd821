import { BoundedWork, type WorkBounds } from './bounded-work';

type Line = { readonly work: BoundedWork; callers: number };

/** A line of callers for each key: one at a time, in the order they came, and nobody waits for ever. */
export class Lines {
  private readonly lines = new Map<string, Line>();

  constructor(private readonly bounds: Omit<WorkBounds, 'concurrency'>) {}

  /** Throws Overloaded when the line is too long or too slow, and what the task throws. */
  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const line = this.lines.get(key) ?? { work: new BoundedWork({ concurrency: 1, ...this.bounds }), callers: 0 };
    this.lines.set(key, line);
    line.callers += 1;
    try {
      return await line.work.run(task);
    } finally {
      line.callers -= 1;
      if (line.callers === 0) this.lines.delete(key);
    }
  }
}
