import { Command } from 'nest-commander';
import { CommandGroup } from './command';
import { TenantsSetLimitsCommand } from './tenants-set-limits.command';
import { TenantsUsageCommand } from './tenants-usage.command';

@Command({
  name: 'tenants',
  description: 'Limit tenants, and see what they have used',
  subCommands: [TenantsSetLimitsCommand, TenantsUsageCommand],
})
export class TenantsCommand extends CommandGroup {}
