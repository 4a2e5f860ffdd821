import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Log } from '../logging/log';

/** The answer is out by then. */
const LATER_MS = 100;

/**
 * Work that an answer does not wait for, because how long it takes would tell something. Nothing that was promised may
 * depend on it: what a crash cuts short is not taken up again.
 */
@Injectable()
export class Background implements BeforeApplicationShutdown {
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly log: Log) {}

  /** `name` is for the log, when the work fails. Not to be called within a unit of work. */
  run(name: string, work: () => Promise<unknown>): void {
    const run = pause(LATER_MS)
      .then(work)
      .catch((error: unknown) => {
        this.log.warn(`In the background, ${name} failed: ${error instanceof Error ? error.name : 'unknown'}`);
      })
      .then(() => {
        this.running.delete(run);
      });
    this.running.add(run);
  }

  /** Returns when nothing is running any more. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  /** The database is there until this is done. */
  beforeApplicationShutdown(): Promise<void> {
    return this.idle();
  }
}
