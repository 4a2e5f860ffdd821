import { SubCommand } from 'nest-commander';
import { RolesFacade } from '../modules/tenancy/roles.facade';
import { type HolderOptions, holderOf, RoleHolderCommand } from './role-holder';
import { Service } from './service';
import { Terminal } from './terminal';

@SubCommand({ name: 'grant', arguments: '<user> <role>', description: 'Give a member of a tenant one more role' })
export class RolesGrantCommand extends RoleHolderCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([reference = '', role = '']: string[], { json = false, tenant }: HolderOptions): Promise<void> {
    const { holder, isNew } = await this.service.use(async (app) => {
      const found = await holderOf(app, reference, tenant);
      return { holder: found, isNew: await app.get(RolesFacade).grant(found.tenant, found.id, role) };
    });
    const words = isNew ? `Gave ${holder.email} the role ${role}.` : `${holder.email} has the role ${role} already.`;
    await this.terminal.say(json, { user: holder.id, role, granted: isNew }, words);
  }
}
