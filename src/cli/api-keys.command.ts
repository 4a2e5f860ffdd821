import { Command } from 'nest-commander';
import { ApiKeysCreateCommand } from './api-keys-create.command';
import { ApiKeysListCommand } from './api-keys-list.command';
import { ApiKeysRevokeCommand } from './api-keys-revoke.command';
import { CommandGroup } from './command';

@Command({
  name: 'api-keys',
  description: 'Make, list and revoke API keys',
  subCommands: [ApiKeysCreateCommand, ApiKeysListCommand, ApiKeysRevokeCommand],
})
export class ApiKeysCommand extends CommandGroup {}
