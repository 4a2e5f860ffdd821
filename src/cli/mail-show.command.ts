import { SubCommand } from 'nest-commander';
import { NotFound } from '../kernel/domain-error';
import { isUuid } from '../kernel/ids';
import { MailAdministration } from '../platform/mail/mail-administration';
import { type CommonOptions, DoorwardCommand } from './command';
import { mailJson } from './mail.views';
import { Service } from './service';
import { Terminal } from './terminal';
import { words } from './users.views';

@SubCommand({
  name: 'show',
  arguments: '<id>',
  description: 'Show what became of a mail or text message; never what it says',
})
export class MailShowCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([id = '']: string[], { json = false }: CommonOptions): Promise<void> {
    if (!isUuid(id)) throw new NotFound();
    const mail = await this.service.use((app) => app.get(MailAdministration).find(id));
    if (!mail) throw new NotFound();
    await this.terminal.say(json, mailJson(mail), words(mailJson(mail)));
  }
}
