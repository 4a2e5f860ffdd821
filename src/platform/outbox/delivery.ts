import { setTimeout as pause } from 'node:timers/promises';
import type { BeforeApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import { isDatabaseAway } from '../database/failures';
import type { Log } from '../logging/log';
import type { Chores } from '../time/chores';
import type { Clock } from '../time/clock';
import type { Carrier } from './carrier';
import type { DeliveryFailure } from './delivery-failure';
import { EXPIRED, type OutboxTable, type TakenMessage } from './outbox-table';
import { WayOut } from './way-out';

/** A server that takes three seconds for a message still takes more than one a second. */
const AT_ONCE = 4;

/** Together less than a lease. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000, 16_000];

/** For what was postponed, and what another process left behind: new messages nudge. */
const LOOK_EVERY_SECONDS = 2;

/** Empties one channel of the outbox. Any number of processes may do so at once: each message is with one of them at a time. */
export class Delivery implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly workers = new Set<Promise<void>>();
  private readonly way: WayOut;
  private looking = 0;
  private lookAgain = false;
  private sent = 0;
  private ending = false;

  constructor(
    private readonly outbox: OutboxTable,
    private readonly carrier: Carrier,
    private readonly log: Log,
    clock: Clock,
  ) {
    this.way = new WayOut(clock);
  }

  /** Looks now and then, and whenever a message is put into the channel. */
  recurBy(chores: Chores): void {
    chores.add({ name: this.carrier.channel, everySeconds: LOOK_EVERY_SECONDS, run: () => this.look() });
  }

  /**
   * Has what is due sent, and returns at once. Whoever is in the middle of it looks once more before ending, so that no
   * message is missed. While the server is away, little happens.
   */
  wake(): void {
    if (this.ending || !this.way.isOpen) return;
    if (this.looking >= (this.way.isDoubtful ? 1 : AT_ONCE)) this.lookAgain = true;
    else this.begin();
  }

  /** As `wake`, and returns when nobody has anything left to do. Returns how many were sent meanwhile. */
  async execute(): Promise<number> {
    const before = this.sent;
    this.wake();
    while (this.workers.size > 0) await Promise.all(this.workers);
    return this.sent - before;
  }

  onModuleDestroy(): void {
    this.ending = true;
  }

  /** What is in hand comes to its end. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.workers);
  }

  /** Over at once: a slow server must not keep the next message from being looked for. */
  private look(): Promise<void> {
    this.wake();
    return Promise.resolve();
  }

  private begin(): void {
    this.looking += 1;
    const worker = this.work().finally(() => this.workers.delete(worker));
    worker.catch((error: unknown) => {
      const reason = error instanceof Error ? error.message || error.name : 'unknown';
      this.log.warn(`${this.carrier.words.many} wait: ${reason}`);
    });
    this.workers.add(worker);
  }

  private async work(): Promise<void> {
    try {
      while (await this.deliverNext());
    } finally {
      // In the same breath as the last look: whoever wakes later begins anew.
      this.looking -= 1;
    }
  }

  /** Nothing remote happens inside a transaction: taking is one, and saying what became of it another. */
  private async deliverNext(): Promise<boolean> {
    if (this.ending || !this.way.isOpen) return false;
    this.lookAgain = false;
    const message = await this.outbox.take(this.carrier.channel);
    if (!message) return this.lookAgain;
    // There may be more. While the way is doubtful, this one sees first.
    if (!this.way.isDoubtful) this.wake();
    if (message.isUseless) await this.drop(message);
    else await this.deliver(message);
    return true;
  }

  private async deliver(message: TakenMessage): Promise<void> {
    const failure = await this.attempt(message);
    if (failure === null) await this.keepThatItIsSent(message);
    else await this.putBack(message, failure);
  }

  private async drop(message: TakenMessage): Promise<void> {
    await this.outbox.drop(message);
    this.noteGivenUp(message, EXPIRED);
  }

  /** Not saying so would send it twice: while the lease lasts, a database that is away for a moment is asked again. */
  private async keepThatItIsSent(message: TakenMessage): Promise<void> {
    for (const pauseMs of PAUSES_MS) {
      try {
        await this.outbox.markSent(message);
        return;
      } catch (error) {
        if (!isDatabaseAway(error)) throw error;
        await pause(pauseMs);
      }
    }
    await this.outbox.markSent(message);
  }

  /** Null when the message is gone, else why it is not. */
  private async attempt(message: TakenMessage): Promise<DeliveryFailure | null> {
    try {
      if (await this.carrier.carry(message)) {
        this.sent += 1;
        this.noteThatItWorks();
      }
      return null;
    } catch (error) {
      return this.carrier.failureOf(error);
    }
  }

  private async putBack(message: TakenMessage, failure: DeliveryFailure): Promise<void> {
    const { kind, reason } = failure;
    if (kind === 'unreachable' || kind === 'interrupted') this.noteThatItFails(reason);
    if (kind === 'deferred' || kind === 'refused') this.noteThatItWorks();
    if (kind === 'unreachable') return this.outbox.release(message, reason);
    const next = await this.outbox.postpone(message, failure);
    if (next === null) this.noteGivenUp(message, reason);
    else {
      const { one } = this.carrier.words;
      const { id, template, attempts } = message;
      this.log.info(`${one} postponed`, { [this.carrier.channel]: id, template, attempts, reason });
    }
  }

  private noteGivenUp({ id, template }: TakenMessage, reason: string): void {
    this.log.warn(`The ${this.carrier.words.one} ${id} (${template}) was given up: ${reason}`);
  }

  private noteThatItWorks(): void {
    if (this.way.works()) this.log.info(`${this.carrier.words.many.toLowerCase()} leave again`);
  }

  private noteThatItFails(reason: string): void {
    const { many, server } = this.carrier.words;
    if (this.way.failed()) this.log.warn(`${many} wait, for ${server} is not reached: ${reason}`);
  }
}
