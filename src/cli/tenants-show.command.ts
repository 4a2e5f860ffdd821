import { SubCommand } from 'nest-commander';
import { TenantsFacade } from '../modules/tenancy/tenants.facade';
import { type CommonOptions, DoorwardCommand } from './command';
import { Service } from './service';
import { tenantJson } from './tenants.views';
import { Terminal } from './terminal';
import { words } from './users.views';

@SubCommand({ name: 'show', arguments: '<tenant>', description: 'Show a tenant, named by slug or id' })
export class TenantsShowCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([reference = '']: string[], { json = false }: CommonOptions): Promise<void> {
    const shown = tenantJson(await this.service.use((app) => app.get(TenantsFacade).get(reference)));
    await this.terminal.say(json, shown, words(shown));
  }
}
