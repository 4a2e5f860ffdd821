import { Command } from 'nest-commander';
import { CommandGroup } from './command';
import { KeysListCommand } from './keys-list.command';
import { KeysRetireCommand } from './keys-retire.command';
import { KeysRotateCommand } from './keys-rotate.command';

@Command({
  name: 'keys',
  description: 'The keys access tokens are signed with',
  subCommands: [KeysListCommand, KeysRotateCommand, KeysRetireCommand],
})
export class KeysCommand extends CommandGroup {}
