import { SubCommand } from 'nest-commander';
import { TenantsFacade } from '../modules/tenancy/tenants.facade';
import { type CommonOptions, DoorwardCommand } from './command';
import { Service } from './service';
import { tenantJson } from './tenants.views';
import { Terminal } from './terminal';

@SubCommand({
  name: 'reactivate',
  arguments: '<tenant>',
  description: 'Bring back a tenant that is suspended, or was deleted and is not purged yet',
})
export class TenantsReactivateCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([reference = '']: string[], { json = false }: CommonOptions): Promise<void> {
    const tenant = await this.service.use((app) => app.get(TenantsFacade).reactivate(reference));
    await this.terminal.say(json, tenantJson(tenant), `Reactivated ${tenant.slug}.`);
  }
}
