import type { Mail } from '../../src/platform/mail/mails';
import { OutboxTable, type SealedMessage } from '../../src/platform/outbox/outbox-table';
import type { TestContext } from './context';

/** The mails of a kind that wait to be sent, oldest first. */
export async function mailsOf({ app, source }: TestContext, template: Mail['template']): Promise<Mail[]> {
  const waiting = await source.query<SealedMessage[]>(
    'SELECT id, template, contents FROM outbox WHERE template = $1 AND contents IS NOT NULL ORDER BY created_at, id',
    [template],
  );
  return waiting.map((mail) => ({ ...app.get(OutboxTable).open(mail), template }) as unknown as Mail);
}
