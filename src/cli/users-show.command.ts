import { SubCommand } from 'nest-commander';
import { NotFound } from '../kernel/domain-error';
import { IdentityFacade } from '../modules/identity/identity.facade';
import { type CommonOptions, DoorwardCommand } from './command';
import { Service } from './service';
import { Terminal } from './terminal';
import { userJson, userWords } from './users.views';

@SubCommand({ name: 'show', arguments: '<user>', description: 'Show a user, named by e-mail address, username or id' })
export class UsersShowCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([reference = '']: string[], { json = false }: CommonOptions): Promise<void> {
    const user = await this.service.use((app) => app.get(IdentityFacade).users.findByReference(reference));
    if (!user) throw new NotFound();
    await this.terminal.say(json, userJson(user), userWords(user));
  }
}
