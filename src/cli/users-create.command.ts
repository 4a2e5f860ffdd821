import { Option, SubCommand } from 'nest-commander';
import { SigninFacade } from '../modules/signin/signin.facade';
import { checkAccount } from './account-input';
import { type CommonOptions, DoorwardCommand, UsageError } from './command';
import { Service } from './service';
import { Terminal } from './terminal';
import { accountJson, userWords } from './users.views';

type Options = CommonOptions & {
  readonly username?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly tenant?: string;
  readonly role?: string;
  readonly passwordStdin?: boolean;
};

@SubCommand({
  name: 'create',
  arguments: '<email>',
  description: 'Make a user; prints a one-time password unless one is given',
})
export class UsersCreateCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([email = '']: string[], { json = false, username, passwordStdin, ...rest }: Options): Promise<void> {
    checkAccount({ email, username, ...rest });
    if (rest.role !== undefined && rest.tenant === undefined) throw new UsageError('--role needs --tenant');
    const password = passwordStdin ? await this.terminal.secretFromStdin() : undefined;
    const { firstName, lastName, tenant, role } = rest;
    const account = { email, username: username ?? null, firstName: firstName ?? null, lastName: lastName ?? null };
    const created = await this.service.use((app) =>
      app.get(SigninFacade).createAccount({ ...account, tenant, role, password }),
    );
    const made =
      created.oneTimePassword === null ? '' : `\none_time_password         ${created.oneTimePassword}   (shown once)`;
    await this.terminal.say(json, accountJson(created), userWords(created.user) + made);
  }

  @Option({ flags: '--username <name>', description: 'a name to sign in with' })
  readUsername(value: string): string {
    return value;
  }

  @Option({ flags: '--first-name <name>' })
  readFirstName(value: string): string {
    return value;
  }

  @Option({ flags: '--last-name <name>' })
  readLastName(value: string): string {
    return value;
  }

  @Option({ flags: '--tenant <slug or id>', description: 'a tenant to join; without, a personal one is opened' })
  readTenant(value: string): string {
    return value;
  }

  @Option({ flags: '--role <name>', description: 'the role in that tenant (viewer)' })
  readRole(value: string): string {
    return value;
  }

  @Option({ flags: '--password-stdin', description: 'read the password from standard input instead of making one' })
  readPasswordStdin(): boolean {
    return true;
  }
}
