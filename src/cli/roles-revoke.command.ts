import { SubCommand } from 'nest-commander';
import { RolesFacade } from '../modules/tenancy/roles.facade';
import { type HolderOptions, holderOf, RoleHolderCommand } from './role-holder';
import { Service } from './service';
import { Terminal } from './terminal';

@SubCommand({ name: 'revoke', arguments: '<user> <role>', description: 'Take a role from a member of a tenant' })
export class RolesRevokeCommand extends RoleHolderCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([reference = '', role = '']: string[], { json = false, tenant }: HolderOptions): Promise<void> {
    const { holder, isGone } = await this.service.use(async (app) => {
      const found = await holderOf(app, reference, tenant);
      return { holder: found, isGone: await app.get(RolesFacade).revoke(found.tenant, found.id, role) };
    });
    const words = isGone ? `Took the role ${role} from ${holder.email}.` : `${holder.email} has no role ${role}.`;
    await this.terminal.say(json, { user: holder.id, role, revoked: isGone }, words);
  }
}
