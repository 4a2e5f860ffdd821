import { BoundedWork } from './bounded-work';

/** A line of callers for each key: one at a time, in the order they came. */
export class Lines {
  private readonly lines = new Map<string, BoundedWork>();

  /** @param room how many may wait in one line */
  constructor(private readonly room: number) {}

  /** Throws Overloaded when the line is too long, and what the task throws. */
  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const line = this.lines.get(key) ?? new BoundedWork(1, this.room);
    this.lines.set(key, line);
    try {
      return await line.run(task);
    } finally {
      if (line.isIdle) this.lines.delete(key);
    }
  }
}
