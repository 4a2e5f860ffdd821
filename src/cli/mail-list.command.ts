import { Option, SubCommand } from 'nest-commander';
import { isUuid } from '../kernel/ids';
import { MAIL_STATES, MailAdministration, type MailState } from '../platform/mail/mail-administration';
import { UsageError } from './command';
import { mailJson } from './mail.views';
import { DEFAULT_LIMIT, moreBelow, type PageOptions, PagedCommand } from './paged-command';
import { Service } from './service';
import { table, Terminal } from './terminal';

type Options = PageOptions & { readonly state?: MailState | null };

@SubCommand({
  name: 'list',
  description: 'List mails and text messages in the order they were written; never what they say',
})
export class MailListCommand extends PagedCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  protected isCursor(text: string): boolean {
    return isUuid(text);
  }

  async run(_words: string[], { json = false, state = null, limit = DEFAULT_LIMIT, cursor }: Options): Promise<void> {
    const page = await this.service.use((app) => app.get(MailAdministration).list(state, limit, cursor ?? null));
    const rows = page.items.map((mail) => [
      mail.id,
      mail.channel,
      mail.template,
      mail.recipient ?? '-',
      mail.state,
      String(mail.attempts),
      mail.createdAt.toISOString(),
      mail.nextAttemptAt?.toISOString() ?? '-',
      mail.lastError ?? '-',
    ]);
    await this.terminal.say(
      json,
      { items: page.items.map(mailJson), next_cursor: page.nextCursor },
      table(['ID', 'CHANNEL', 'TEMPLATE', 'TO', 'STATE', 'ATTEMPTS', 'WRITTEN', 'NEXT ATTEMPT', 'LAST ERROR'], rows) +
        moreBelow(page.nextCursor),
    );
  }

  @Option({ flags: '--state <state>', description: `${MAIL_STATES.join(', ')} or all (all)` })
  readState(value: string): MailState | null {
    const state = MAIL_STATES.find((known) => known === value) ?? null;
    if (state === null && value !== 'all') throw new UsageError(`--state is ${MAIL_STATES.join(', ')} or all`);
    return state;
  }
}
