import { Injectable } from '@nestjs/common';
import { NotFound } from '../kernel/domain-error';
import { AccountsFacade } from '../modules/identity/accounts.facade';
import { IdentityFacade, type UserView } from '../modules/identity/identity.facade';
import { type CommonOptions, DoorwardCommand, Refused, UsageError } from './command';
import { Service } from './service';
import { Terminal } from './terminal';

/** What has been done: whether the user is a system administrator now, and the same in words. */
export type Appointment = { readonly isAdministrator: boolean; readonly words: string };

/** A command that makes a user a system administrator, or one like others again. It asks first. */
@Injectable()
export abstract class SystemAdministratorCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  protected abstract question(reference: string): string;

  /** Throws NotFound, and Refused. */
  protected abstract change(user: UserView, accounts: AccountsFacade): Promise<Appointment>;

  async run([reference = '']: string[], { json = false, yes = false }: CommonOptions): Promise<void> {
    if (!yes) await this.ask(reference);
    const { id, isAdministrator, words } = await this.service.use(async (app) => {
      const user = await app.get(IdentityFacade).users.findByReference(reference);
      if (!user) throw new NotFound();
      return { id: user.id, ...(await this.change(user, app.get(AccountsFacade))) };
    });
    await this.terminal.say(json, { id, system_administrator: isAdministrator }, words);
  }

  private async ask(reference: string): Promise<void> {
    const answer = await this.terminal.confirm(this.question(reference));
    if (answer === null) throw new UsageError('There is no terminal to ask at: say --yes');
    if (!answer) throw new Refused('Nothing was changed.');
  }
}
