import { SubCommand } from 'nest-commander';
import { NotFound } from '../kernel/domain-error';
import { IdentityFacade } from '../modules/identity/identity.facade';
import { LockoutFacade } from '../modules/identity/lockout.facade';
import { type CommonOptions, DoorwardCommand } from './command';
import { Service } from './service';
import { Terminal } from './terminal';
import { lockoutJson, userJson, words } from './users.views';

@SubCommand({ name: 'show', arguments: '<user>', description: 'Show a user, named by e-mail address, username or id' })
export class UsersShowCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([reference = '']: string[], { json = false }: CommonOptions): Promise<void> {
    const { user, lockout } = await this.service.use(async (app) => {
      const found = await app.get(IdentityFacade).users.findByReference(reference);
      if (!found) throw new NotFound();
      return { user: found, lockout: await app.get(LockoutFacade).of(found.id) };
    });
    const shown = { ...userJson(user), ...lockoutJson(lockout) };
    await this.terminal.say(json, shown, words(shown));
  }
}
