import { SubCommand } from 'nest-commander';
import { NotFound } from '../kernel/domain-error';
import { IdentityFacade } from '../modules/identity/identity.facade';
import { MembersFacade } from '../modules/tenancy/members.facade';
import { type CommonOptions, DoorwardCommand, Refused, UsageError } from './command';
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

  async run([reference = '']: string[], { json = false, yes = false }: CommonOptions): Promise<void> {
    if (!yes) await this.ask(reference);
    const user = await this.service.use(async (app) => {
      const found = await app.get(IdentityFacade).users.findByReference(reference);
      if (!found) throw new NotFound();
      await app.get(MembersFacade).erase(found.id);
      return found;
    });
    await this.terminal.say(json, { deleted: user.id }, `Deleted ${user.email}.`);
  }

  /** There is no way back, so nobody is deleted by a slip. */
  private async ask(reference: string): Promise<void> {
    const question = `Delete ${reference} for good, with the tenants nobody else belongs to?`;
    const answer = await this.terminal.confirm(question);
    if (answer === null)
      throw new UsageError('There is no terminal to ask at: say --yes to delete the account for good');
    if (!answer) throw new Refused('Nothing was deleted.');
  }
}
