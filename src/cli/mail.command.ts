import { Command } from 'nest-commander';
import { CommandGroup } from './command';
import { MailListCommand } from './mail-list.command';
import { MailRetryCommand } from './mail-retry.command';
import { MailShowCommand } from './mail-show.command';

@Command({
  name: 'mail',
  description: 'The mails and text messages that wait, were sent, or were given up',
  subCommands: [MailListCommand, MailShowCommand, MailRetryCommand],
})
export class MailCommand extends CommandGroup {}
