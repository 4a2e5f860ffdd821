import { Command, Option } from 'nest-commander';
import { Installation } from '../boot/installation';
import { type CommonOptions, DoorwardCommand } from './command';
import { Service } from './service';
import { Terminal } from './terminal';

type Options = CommonOptions & { readonly check?: boolean };

@Command({ name: 'migrate', description: 'Bring the schema up to date' })
export class MigrateCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run(_words: string[], { json = false, check = false }: Options): Promise<void> {
    if (check) await this.check(json);
    else await this.migrate(json);
  }

  private async migrate(json: boolean): Promise<void> {
    const applied = await this.service.use((app) => new Installation(app).migrate());
    await this.terminal.say(
      json,
      { applied },
      applied.length === 0 ? 'The schema is up to date.' : `Applied:\n${applied.join('\n')}`,
    );
  }

  private async check(json: boolean): Promise<void> {
    const pending = await this.service.use((app) => new Installation(app).pendingMigrations());
    await this.terminal.say(
      json,
      { pending },
      pending.length === 0 ? 'The schema is up to date.' : `Pending:\n${pending.join('\n')}`,
    );
    if (pending.length > 0) process.exitCode = 1;
  }

  @Option({ flags: '--check', description: 'change nothing; exit 1 when a migration is pending' })
  readCheck(): boolean {
    return true;
  }
}
