import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Log } from '../logging/log';

export type Chore = {
  readonly name: string;
  readonly everySeconds: number;
  /** Safe to run in several processes at once, and to be cut short by the end of one. */
  readonly run: () => Promise<unknown>;
};

/**
 * What recurs while the service runs. Only a server begins them: commands and tests do the work by its use case.
 * A chore never overlaps itself, and one that fails is tried again at its next time.
 */
@Injectable()
export class Chores implements BeforeApplicationShutdown {
  private readonly chores: Chore[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly running = new Set<Promise<void>>();
  private ended = false;

  constructor(private readonly log: Log) {}

  add(chore: Chore): void {
    this.chores.push(chore);
  }

  begin(): void {
    for (const chore of this.chores) this.schedule(chore);
  }

  /** Begins no more of them, and waits for those that run. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ended = true;
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.all(this.running);
  }

  private schedule(chore: Chore): void {
    if (this.ended) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      const run = this.attempt(chore).finally(() => {
        this.running.delete(run);
        this.schedule(chore);
      });
      this.running.add(run);
    }, chore.everySeconds * 1000);
    this.timers.add(timer.unref());
  }

  private async attempt({ name, run }: Chore): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.log.warn(`The chore ${name} failed: ${error instanceof Error ? error.message || error.name : 'unknown'}`);
    }
  }
}
