import { Command } from 'nest-commander';
import { CommandGroup } from './command';
import { TenantsCreateCommand } from './tenants-create.command';
import { TenantsListCommand } from './tenants-list.command';
import { TenantsReactivateCommand } from './tenants-reactivate.command';
import { TenantsSetLimitsCommand } from './tenants-set-limits.command';
import { TenantsShowCommand } from './tenants-show.command';
import { TenantsSuspendCommand } from './tenants-suspend.command';
import { TenantsUsageCommand } from './tenants-usage.command';

@Command({
  name: 'tenants',
  description: 'Open, look up, limit, suspend and bring back tenants',
  subCommands: [
    TenantsCreateCommand,
    TenantsListCommand,
    TenantsReactivateCommand,
    TenantsShowCommand,
    TenantsSuspendCommand,
    TenantsSetLimitsCommand,
    TenantsUsageCommand,
  ],
})
export class TenantsCommand extends CommandGroup {}
