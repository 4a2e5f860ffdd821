import { Injectable } from '@nestjs/common';
import { TenantMessages } from '../limits/tenant-messages';
import { OutboxTable } from '../outbox/outbox-table';
import type { Mail, MailTemplate } from './mails';
import { type KeptMail, Outbox } from './outbox';

/** The mails in the table of all that is to be sent. */
@Injectable()
export class SqlOutbox extends Outbox {
  constructor(
    private readonly table: OutboxTable,
    private readonly messages: TenantMessages,
  ) {
    super();
  }

  async enqueue({ to, template, facts, tenant = null, brand = null, uselessAfter = null }: Mail): Promise<void> {
    await this.table.put({ channel: 'mail', template, contents: { to, facts, brand }, uselessAfter });
    if (to !== null && tenant !== null) this.messages.note(tenant, 'mails');
  }

  async forget(address: string): Promise<void> {
    await this.table.forget(address);
  }

  async keptOf(address: string): Promise<readonly KeptMail[]> {
    const kept = await this.table.keptOf(address);
    return kept.map((mail) => ({ ...mail, template: mail.template as MailTemplate }));
  }
}
