import { Command } from 'nest-commander';
import { CommandGroup } from './command';
import { UsersCreateCommand } from './users-create.command';
import { UsersDeleteCommand } from './users-delete.command';
import { UsersGrantSystemAdminCommand } from './users-grant-system-admin.command';
import { UsersListCommand } from './users-list.command';
import { UsersRevokeSystemAdminCommand } from './users-revoke-system-admin.command';
import { UsersShowCommand } from './users-show.command';
import { UsersUnlockCommand } from './users-unlock.command';

@Command({
  name: 'users',
  description: 'Make, look up, unlock and delete users',
  subCommands: [
    UsersCreateCommand,
    UsersDeleteCommand,
    UsersGrantSystemAdminCommand,
    UsersListCommand,
    UsersRevokeSystemAdminCommand,
    UsersShowCommand,
    UsersUnlockCommand,
  ],
})
export class UsersCommand extends CommandGroup {}
