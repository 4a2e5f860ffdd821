import { Injectable } from '@nestjs/common';
import type { Carrier } from '../outbox/carrier';
import type { DeliveryFailure } from '../outbox/delivery-failure';
import { OutboxTable, type SealedMessage } from '../outbox/outbox-table';
import { smsFailureOf } from './sms-failure';
import { SmsSender } from './sms-sender';
import { SmsTexts } from './sms-texts';
import type { Text } from './text-messages';

/** Puts text messages into words, and gives them to their provider. */
@Injectable()
export class TextCarrier implements Carrier {
  readonly channel = 'sms';
  readonly words = { one: 'text message', many: 'Text messages', server: 'their provider' };

  constructor(
    private readonly outbox: OutboxTable,
    private readonly texts: SmsTexts,
    private readonly sender: SmsSender,
  ) {}

  async carry(message: SealedMessage & { readonly createdAt: Date }): Promise<boolean> {
    const { id, createdAt: writtenAt } = message;
    const { to, ...text } = { ...this.outbox.open(message), template: message.template } as unknown as Text;
    const words = this.texts.render(text);
    if (to === null) return false;
    await this.sender.send({ id, to, text: words, writtenAt });
    return true;
  }

  failureOf(error: unknown): DeliveryFailure {
    return smsFailureOf(error);
  }
}
