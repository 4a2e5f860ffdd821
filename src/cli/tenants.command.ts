import { Command } from 'nest-commander';
import { CommandGroup } from './command';
import { TenantsCreateCommand } from './tenants-create.command';
import { TenantsListCommand } from './tenants-list.command';
import { TenantsReactivateCommand } from './tenants-reactivate.command';
import { TenantsShowCommand } from './tenants-show.command';
import { TenantsSuspendCommand } from './tenants-suspend.command';

@Command({
  name: 'tenants',
  description: 'Open, look up, suspend and bring back tenants',
  subCommands: [
    TenantsCreateCommand,
    TenantsListCommand,
    TenantsReactivateCommand,
    TenantsShowCommand,
    TenantsSuspendCommand,
  ],
})
export class TenantsCommand extends CommandGroup {}
