import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Log } from '../logging/log';
import { reasonOf } from './failure-reason';
import { MailTexts } from './mail-texts';
import { Mailer } from './mailer';
import { SqlOutbox, type TakenMail } from './sql-outbox';

/** Empties the outbox. Any number of processes may do so at once: each mail is with one of them at a time. */
@Injectable()
export class DeliverMails implements OnModuleDestroy {
  private ending = false;

  constructor(
    private readonly outbox: SqlOutbox,
    private readonly texts: MailTexts,
    private readonly mailer: Mailer,
    private readonly log: Log,
  ) {}

  /**
   * Sends what is due, one by one, until nothing is, until one fails (mostly the next would too, and each may take its
   * time to), or until the process ends. Returns how many were sent.
   */
  async execute(): Promise<number> {
    let sent = 0;
    while (!this.ending && (await this.deliverNext())) sent += 1;
    return sent;
  }

  onModuleDestroy(): void {
    this.ending = true;
  }

  /** Nothing remote happens inside a transaction: taking is one, and saying what became of it another. */
  private async deliverNext(): Promise<boolean> {
    const mail = await this.outbox.take();
    if (!mail) return false;
    const reason = await this.attempt(mail);
    if (reason === null) await this.outbox.markSent(mail);
    else await this.postpone(mail, reason);
    return reason === null;
  }

  /** Null when the mail is gone, else why it is not. */
  private async attempt(mail: TakenMail): Promise<string | null> {
    const { id, createdAt: writtenAt } = mail;
    try {
      const opened = this.outbox.open(mail);
      const letter = this.texts.render(opened);
      if (opened.to !== null) await this.mailer.send({ id, to: opened.to, writtenAt, ...letter });
      return null;
    } catch (error) {
      return reasonOf(error);
    }
  }

  private async postpone(mail: TakenMail, reason: string): Promise<void> {
    const next = await this.outbox.postpone(mail, reason);
    if (next === null) this.log.warn(`The mail ${mail.id} (${mail.template}) was given up: ${reason}`);
    else this.log.info('mail postponed', { mail: mail.id, template: mail.template, attempts: mail.attempts, reason });
  }
}
