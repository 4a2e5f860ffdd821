import { Command } from 'nest-commander';
import { CommandGroup } from './command';
import { UsersCreateCommand } from './users-create.command';
import { UsersListCommand } from './users-list.command';
import { UsersShowCommand } from './users-show.command';
import { UsersUnlockCommand } from './users-unlock.command';

@Command({
  name: 'users',
  description: 'Make, look up and unlock users',
  subCommands: [UsersCreateCommand, UsersListCommand, UsersShowCommand, UsersUnlockCommand],
})
export class UsersCommand extends CommandGroup {}
