import { Command } from 'nest-commander';
import { CommandGroup } from './command';
import { RolesCreateCommand } from './roles-create.command';
import { RolesGrantCommand } from './roles-grant.command';
import { RolesListCommand } from './roles-list.command';
import { RolesRevokeCommand } from './roles-revoke.command';

@Command({
  name: 'roles',
  description: 'Make and list the roles of tenants; give them to members and take them away',
  subCommands: [RolesCreateCommand, RolesGrantCommand, RolesListCommand, RolesRevokeCommand],
})
export class RolesCommand extends CommandGroup {}
