import { Injectable } from '@nestjs/common';
import { type KeptMessage, OutboxTable } from '../outbox/outbox-table';
import { type Text, TextMessages } from './text-messages';

/** The text messages in the table of all that is to be sent. */
@Injectable()
export class SqlTextMessages extends TextMessages {
  constructor(private readonly table: OutboxTable) {
    super();
  }

  async enqueue({ to, template, facts, uselessAfter }: Text): Promise<void> {
    await this.table.put({ channel: 'sms', template, contents: { to, facts }, uselessAfter });
  }

  async forget(number: string): Promise<void> {
    await this.table.forget(number);
  }

  keptOf(number: string): Promise<readonly KeptMessage[]> {
    return this.table.keptOf(number);
  }
}
