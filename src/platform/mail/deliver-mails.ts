import { Injectable } from '@nestjs/common';
import { Log } from '../logging/log';
import { Delivery } from '../outbox/delivery';
import { OutboxTable } from '../outbox/outbox-table';
import { Clock } from '../time/clock';
import { MailCarrier } from './mail-carrier';

/** Sends the mails of the outbox. */
@Injectable()
export class DeliverMails extends Delivery {
  // eslint-disable-next-line @typescript-eslint/no-useless-constructor -- Nest injects by the types of its parameters
  constructor(outbox: OutboxTable, carrier: MailCarrier, log: Log, clock: Clock) {
    super(outbox, carrier, log, clock);
  }
}
