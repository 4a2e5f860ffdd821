import { Command, Option } from 'nest-commander';
import { credentials } from '../boot/welcome';
import { FIRST_ADMINISTRATOR, Installation } from '../boot/installation';
import { checkAccount } from './account-input';
import { type CommonOptions, DoorwardCommand, UsageError } from './command';
import { Service } from './service';
import { Terminal } from './terminal';
import { accountJson } from './users.views';

type Options = CommonOptions & {
  readonly email?: string;
  readonly username?: string;
  readonly passwordStdin?: boolean;
};

@Command({ name: 'init', description: 'Set a database up: keys, migrations, roles, the first system administrator' })
export class InitCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run(_words: string[], { json = false, email, username, passwordStdin }: Options): Promise<void> {
    if (username !== undefined && email === undefined) throw new UsageError('--username goes with --email');
    if (email !== undefined) checkAccount({ email, username });
    const password = passwordStdin ? await this.terminal.secretFromStdin() : undefined;
    const named = email === undefined ? FIRST_ADMINISTRATOR : { email, username: username ?? null };
    const { migrations, administrator } = await this.service.use(async (app) => {
      const installation = new Installation(app);
      const applied = await installation.prepare();
      return { migrations: applied, administrator: await installation.firstAdministrator({ ...named, password }) };
    });
    const words = administrator
      ? credentials(administrator)
      : ['There is a system administrator already; nothing to do.'];
    await this.terminal.say(
      json,
      { migrations, administrator: administrator && accountJson(administrator) },
      ['Doorward is set up.', ...words].join('\n'),
    );
  }

  @Option({ flags: '--email <address>', description: 'address of the first administrator' })
  readEmail(value: string): string {
    return value;
  }

  @Option({ flags: '--username <name>', description: 'username of the first administrator' })
  readUsername(value: string): string {
    return value;
  }

  @Option({ flags: '--password-stdin', description: 'read the password from standard input instead of making one' })
  readPasswordStdin(): boolean {
    return true;
  }
}
