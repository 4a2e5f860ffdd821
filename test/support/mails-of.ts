import type { Mail } from '../../src/platform/mail/mails';
import { SqlOutbox, type TakenMail } from '../../src/platform/mail/sql-outbox';
import type { TestContext } from './context';

/** The mails of a kind that wait to be sent, oldest first. */
export async function mailsOf({ app, source }: TestContext, template: Mail['template']): Promise<Mail[]> {
  const waiting = await source.query<Pick<TakenMail, 'id' | 'template' | 'contents'>[]>(
    'SELECT id, template, contents FROM outbox WHERE template = $1 AND contents IS NOT NULL ORDER BY created_at, id',
    [template],
  );
  return waiting.map((mail) => app.get(SqlOutbox).open({ ...mail, createdAt: new Date(0), attempts: 0 }));
}
