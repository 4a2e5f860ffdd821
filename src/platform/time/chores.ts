import { AsyncResource } from 'node:async_hooks';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { ALL_TENANTS, RowScopes } from '../database/row-scope';
import { Log } from '../logging/log';

export type Chore = {
  readonly name: string;
  readonly everySeconds: number;
  /** Safe to run in several processes at once, and to be cut short by the end of one. */
  readonly run: () => Promise<unknown>;
  /** true: once more at the very end, for it writes what requests left in memory; or only if there is something left by then. */
  readonly alsoLast?: true | (() => boolean);
  /** true: also as soon as the server begins, for hours may pass until its first time. */
  readonly atOnce?: true;
};

/**
 * What recurs while the service runs. Only a server begins them: commands and tests do the work by its use case.
 * A chore never overlaps itself, and one that fails is tried again at its next time.
 */
@Injectable()
export class Chores implements BeforeApplicationShutdown {
  private readonly chores: Chore[] = [];
  private readonly waiting = new Map<Chore, NodeJS.Timeout>();
  private readonly running = new Map<Chore, Promise<void>>();
  private readonly nudged = new Set<Chore>();
  private ended = false;
  /** A request that nudges a chore lends it nothing of its own: neither its actor nor its id. */
  private readonly outsideRequests = AsyncResource.bind((action: () => void) => {
    action();
  });

  constructor(
    private readonly log: Log,
    private readonly scopes: RowScopes,
  ) {}

  add(chore: Chore): void {
    this.chores.push(chore);
  }

  begin(): void {
    for (const chore of this.chores) {
      if (chore.atOnce) this.nudged.add(chore);
      this.schedule(chore);
    }
  }

  /** Runs a chore now instead of at its time, or once more if it is running. Nothing happens where none was begun. */
  nudge(name: string): void {
    this.outsideRequests(() => {
      for (const chore of this.running.keys()) if (chore.name === name) this.nudged.add(chore);
      for (const [chore, timer] of this.waiting) {
        if (chore.name !== name) continue;
        clearTimeout(timer);
        this.run(chore);
      }
    });
  }

  /** Begins no more of them, and waits for those that run. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ended = true;
    for (const timer of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
    await Promise.all(this.running.values());
  }

  /**
   * Just before the database closes, and after the last request: the hook above is called while requests are still being
   * served. Whether or not they were begun, for commands leave something in memory too.
   */
  async runLast(): Promise<void> {
    for (const chore of this.chores) {
      const { alsoLast = false } = chore;
      if (typeof alsoLast === 'function' ? alsoLast() : alsoLast) await this.attempt(chore);
    }
  }

  private schedule(chore: Chore): void {
    if (this.ended) return;
    const timer = setTimeout(
      () => {
        this.run(chore);
      },
      this.nudged.delete(chore) ? 0 : chore.everySeconds * 1000,
    );
    this.waiting.set(chore, timer.unref());
  }

  private run(chore: Chore): void {
    this.waiting.delete(chore);
    const run = this.attempt(chore).finally(() => {
      this.running.delete(chore);
      this.schedule(chore);
    });
    this.running.set(chore, run);
  }

  private async attempt({ name, run }: Chore): Promise<void> {
    try {
      await this.scopes.run(ALL_TENANTS, run);
    } catch (error) {
      this.log.warn(`The chore ${name} failed: ${error instanceof Error ? error.message || error.name : 'unknown'}`);
    }
  }
}
