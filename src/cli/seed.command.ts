import { Command, Option } from 'nest-commander';
import { Installation } from '../boot/installation';
import { type CommonOptions, DoorwardCommand } from './command';
import { type Demo, DemoTenant } from './demo-tenant';
import { Service } from './service';
import { table, Terminal } from './terminal';

type Options = CommonOptions & { readonly demo?: boolean };

const THERE = '(there already)';

@Command({
  name: 'seed',
  description: 'Store the built-in roles; with --demo also a tenant with a user for each and an API key',
})
export class SeedCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run(_words: string[], { json = false, demo = false }: Options): Promise<void> {
    const { roles, seeded } = await this.service.use(async (app) => {
      const installation = new Installation(app);
      await installation.migrate();
      return { roles: await installation.seed(), seeded: demo ? await new DemoTenant(app).seed() : null };
    });
    const changed = roles.length === 0 ? 'The built-in roles are up to date.' : `Stored the roles ${roles.join(', ')}.`;
    const words = seeded ? [changed, tableOf(seeded)] : [changed];
    const value = { roles, users: [...(seeded?.users ?? [])], api_keys: seeded ? [seeded.apiKey] : [] };
    await this.terminal.say(json, value, words.join('\n'));
  }

  @Option({ flags: '--demo', description: 'also a demonstration tenant with a user for each role and an API key' })
  readDemo(): boolean {
    return true;
  }
}

function tableOf({ users, apiKey }: Demo): string {
  const rows = users.map(({ role, email, password }) => [role, email, password ?? THERE]);
  return table(['ROLE', 'E-MAIL', 'SECRET (shown once)'], [...rows, ['API key', apiKey.owner, apiKey.key ?? THERE]]);
}
