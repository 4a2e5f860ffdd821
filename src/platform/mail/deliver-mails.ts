import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { isDatabaseAway } from '../database/failures';
import { Log } from '../logging/log';
import { Clock } from '../time/clock';
import { type DeliveryFailure, failureOf } from './delivery-failure';
import { MailTexts } from './mail-texts';
import { Mailer } from './mailer';
import { SqlOutbox, type TakenMail } from './sql-outbox';
import { WayOut } from './way-out';

/** A mail server that takes three seconds for a letter still takes more than one a second. */
const AT_ONCE = 4;

/** Together less than a lease. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000, 16_000];

/** Empties the outbox. Any number of processes may do so at once: each mail is with one of them at a time. */
@Injectable()
export class DeliverMails implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly workers = new Set<Promise<void>>();
  private readonly way: WayOut;
  private looking = 0;
  private lookAgain = false;
  private sent = 0;
  private ending = false;

  constructor(
    private readonly outbox: SqlOutbox,
    private readonly texts: MailTexts,
    private readonly mailer: Mailer,
    private readonly log: Log,
    clock: Clock,
  ) {
    this.way = new WayOut(clock);
  }

  /**
   * Has what is due sent, and returns at once. Whoever is in the middle of it looks once more before ending, so that no
   * mail is missed. While the mail server is away, little happens.
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

  private begin(): void {
    this.looking += 1;
    const worker = this.work().finally(() => this.workers.delete(worker));
    worker.catch((error: unknown) => {
      this.log.warn(`Mails wait: ${error instanceof Error ? error.message || error.name : 'unknown'}`);
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
    const mail = await this.outbox.take();
    if (!mail) return this.lookAgain;
    // There may be more. While the way is doubtful, this one sees first.
    if (!this.way.isDoubtful) this.wake();
    const failure = await this.attempt(mail);
    if (failure === null) await this.keepThatItIsSent(mail);
    else await this.putBack(mail, failure);
    return true;
  }

  /** Not saying so would send it twice: while the lease lasts, a database that is away for a moment is asked again. */
  private async keepThatItIsSent(mail: TakenMail): Promise<void> {
    for (const pauseMs of PAUSES_MS) {
      try {
        await this.outbox.markSent(mail);
        return;
      } catch (error) {
        if (!isDatabaseAway(error)) throw error;
        await pause(pauseMs);
      }
    }
    await this.outbox.markSent(mail);
  }

  /** Null when the mail is gone, else why it is not. */
  private async attempt(mail: TakenMail): Promise<DeliveryFailure | null> {
    const { id, createdAt: writtenAt } = mail;
    try {
      const opened = this.outbox.open(mail);
      const letter = this.texts.render(opened);
      if (opened.to === null) return null;
      await this.mailer.send({ id, to: opened.to, brand: opened.brand ?? null, writtenAt, ...letter });
      this.sent += 1;
      this.noteThatItWorks();
      return null;
    } catch (error) {
      return failureOf(error);
    }
  }

  private async putBack(mail: TakenMail, failure: DeliveryFailure): Promise<void> {
    const { kind, reason } = failure;
    if (kind === 'unreachable' || kind === 'interrupted') this.noteThatItFails(reason);
    if (kind === 'deferred' || kind === 'refused') this.noteThatItWorks();
    if (kind === 'unreachable') return this.outbox.release(mail, reason);
    const next = await this.outbox.postpone(mail, failure);
    if (next === null) this.log.warn(`The mail ${mail.id} (${mail.template}) was given up: ${reason}`);
    else this.log.info('mail postponed', { mail: mail.id, template: mail.template, attempts: mail.attempts, reason });
  }

  private noteThatItWorks(): void {
    if (this.way.works()) this.log.info('mails leave again');
  }

  private noteThatItFails(reason: string): void {
    if (this.way.failed()) this.log.warn(`Mails wait, for the mail server is not reached: ${reason}`);
  }
}
