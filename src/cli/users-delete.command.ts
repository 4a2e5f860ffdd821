import { SubCommand } from 'nest-commander';
import { NotFound } from '../kernel/domain-error';
import { IdentityFacade } from '../modules/identity/identity.facade';
import { MembersFacade } from '../modules/tenancy/members.facade';
import { type CommonOptions, DoorwardCommand } from './command';
import { Service } from './service';
import { Terminal } from './terminal';

@SubCommand({
  name: 'delete',
  arguments: '<user>',
  description: 'Delete an account for good, with all that is personal and the tenants nobody else belongs to',
})
export class UsersDeleteCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([reference = '']: string[], { json = false }: CommonOptions): Promise<void> {
    const user = await this.service.use(async (app) => {
      const found = await app.get(IdentityFacade).users.findByReference(reference);
      if (!found) throw new NotFound();
      await app.get(MembersFacade).erase(found.id);
      return found;
    });
    await this.terminal.say(json, { deleted: user.id }, `Deleted ${user.email}.`);
  }
}
