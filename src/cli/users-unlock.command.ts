import { SubCommand } from 'nest-commander';
import { NotFound } from '../kernel/domain-error';
import { IdentityFacade } from '../modules/identity/identity.facade';
import { LockoutFacade } from '../modules/identity/lockout.facade';
import { type CommonOptions, DoorwardCommand } from './command';
import { Service } from './service';
import { Terminal } from './terminal';

@SubCommand({
  name: 'unlock',
  arguments: '<user>',
  description: 'Let a user sign in again who was kept out by wrong passwords',
})
export class UsersUnlockCommand extends DoorwardCommand {
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
      await app.get(LockoutFacade).unlock(found.id, null);
      return found;
    });
    await this.terminal.say(json, { unlocked: user.id }, `Unlocked ${user.email}.`);
  }
}
