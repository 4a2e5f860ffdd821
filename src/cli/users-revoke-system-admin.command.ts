import { SubCommand } from 'nest-commander';
import { NotFound } from '../kernel/domain-error';
import { AccountsFacade } from '../modules/identity/accounts.facade';
import { IdentityFacade } from '../modules/identity/identity.facade';
import { type CommonOptions, DoorwardCommand, Refused, UsageError } from './command';
import { Service } from './service';
import { Terminal } from './terminal';

@SubCommand({
  name: 'revoke-system-admin',
  arguments: '<user>',
  description: 'Make a system administrator a user like others',
})
export class UsersRevokeSystemAdminCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([reference = '']: string[], { json = false, yes = false }: CommonOptions): Promise<void> {
    if (!yes) await this.ask(reference);
    const { user, change } = await this.service.use(async (app) => {
      const found = await app.get(IdentityFacade).users.findByReference(reference);
      if (!found) throw new NotFound();
      return { user: found, change: await app.get(AccountsFacade).setSystemAdministrator(found.id, false) };
    });
    if (change === 'last_administrator') throw new Refused(`${user.email} is the last system administrator.`);
    await this.terminal.say(
      json,
      { id: user.id, system_administrator: false },
      `${user.email} is no system administrator any more.`,
    );
  }

  private async ask(reference: string): Promise<void> {
    const answer = await this.terminal.confirm(`Take system administration from ${reference}?`);
    if (answer === null) throw new UsageError('There is no terminal to ask at: say --yes');
    if (!answer) throw new Refused('Nothing was changed.');
  }
}
