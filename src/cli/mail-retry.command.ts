import { Option, SubCommand } from 'nest-commander';
import { NotFound } from '../kernel/domain-error';
import { isUuid } from '../kernel/ids';
import { MailAdministration } from '../platform/mail/mail-administration';
import { type CommonOptions, DoorwardCommand, Refused, UsageError } from './command';
import { Service } from './service';
import { Terminal } from './terminal';

type Options = CommonOptions & { readonly allGivenUp?: boolean };

@SubCommand({
  name: 'retry',
  arguments: '[ids...]',
  description: 'Have mails and text messages tried again, at once and for a day; a server that runs sends them',
})
export class MailRetryCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run(ids: string[], { json = false, allGivenUp = false }: Options): Promise<void> {
    if (allGivenUp === ids.length > 0) throw new UsageError('Name the messages, or say --all-given-up');
    const retried = allGivenUp
      ? await this.service.use((app) => app.get(MailAdministration).retryAllGivenUp())
      : await this.retry([...new Set(ids.map((id) => id.toLowerCase()))]);
    await this.terminal.say(json, { retried }, retried === 1 ? 'Retrying 1 message.' : `Retrying ${retried} messages.`);
  }

  @Option({ flags: '--all-given-up', description: 'all that were given up, but those that come too late' })
  readAllGivenUp(): boolean {
    return true;
  }

  private async retry(ids: readonly string[]): Promise<number> {
    if (!ids.every(isUuid)) throw new NotFound();
    const retry = await this.service.use((app) => app.get(MailAdministration).retry(ids));
    if (retry.kind === 'retried') return ids.length;
    if (retry.reason === 'unknown') throw new NotFound();
    throw new Refused(`${retry.id} ${WHY_NOT[retry.reason]}; nothing was changed`);
  }
}

const WHY_NOT = {
  sent: 'was sent already',
  expired: 'comes too late: it says something that has ended',
  in_hand: 'is being sent at this moment',
} as const;
