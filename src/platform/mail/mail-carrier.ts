import { Injectable } from '@nestjs/common';
import type { Carrier } from '../outbox/carrier';
import type { DeliveryFailure } from '../outbox/delivery-failure';
import { OutboxTable, type SealedMessage } from '../outbox/outbox-table';
import { MailTexts } from './mail-texts';
import { Mailer } from './mailer';
import type { Mail } from './mails';
import { failureOf } from './smtp-failure';

/** Puts mails into words, and gives them to the mail server. */
@Injectable()
export class MailCarrier implements Carrier {
  readonly channel = 'mail';
  readonly words = { one: 'mail', many: 'Mails', server: 'the mail server' };

  constructor(
    private readonly outbox: OutboxTable,
    private readonly texts: MailTexts,
    private readonly mailer: Mailer,
  ) {}

  async carry(message: SealedMessage & { readonly createdAt: Date }): Promise<boolean> {
    const { id, createdAt: writtenAt } = message;
    const mail = { ...this.outbox.open(message), template: message.template } as unknown as Mail;
    const letter = this.texts.render(mail);
    if (mail.to === null) return false;
    await this.mailer.send({ id, to: mail.to, brand: mail.brand ?? null, writtenAt, ...letter });
    return true;
  }

  failureOf(error: unknown): DeliveryFailure {
    return failureOf(error);
  }
}
