import { Command } from 'nest-commander';
import { CommandGroup } from './command';
import { UsersCreateCommand } from './users-create.command';
import { UsersListCommand } from './users-list.command';
import { UsersShowCommand } from './users-show.command';

@Command({
  name: 'users',
  description: 'Make and look up users',
  subCommands: [UsersCreateCommand, UsersListCommand, UsersShowCommand],
})
export class UsersCommand extends CommandGroup {}
