import { Injectable } from '@nestjs/common';
import { TenantMessages } from '../limits/tenant-messages';
import { type KeptMessage, OutboxTable } from '../outbox/outbox-table';
import { type Text, TextMessages } from './text-messages';

/** The text messages in the table of all that is to be sent. */
@Injectable()
export class SqlTextMessages extends TextMessages {
  constructor(
    private readonly table: OutboxTable,
    private readonly messages: TenantMessages,
  ) {
    super();
  }

  async enqueue({ to, template, facts, tenant = null, uselessAfter }: Text): Promise<void> {
    await this.table.put({ channel: 'sms', template, contents: { to, facts }, uselessAfter });
    if (to !== null && tenant !== null) this.messages.note(tenant, 'sms');
  }

  async forget(number: string): Promise<void> {
    await this.table.forget(number);
  }

  keptOf(number: string): Promise<readonly KeptMessage[]> {
    return this.table.keptOf(number);
  }
}
