import { Option, SubCommand } from 'nest-commander';
import { isUuid, userId } from '../kernel/ids';
import { IdentityFacade } from '../modules/identity/identity.facade';
import { type CommonOptions, DoorwardCommand, UsageError } from './command';
import { Service } from './service';
import { table, Terminal } from './terminal';
import { userJson } from './users.views';

type Options = CommonOptions & { readonly limit?: number; readonly cursor?: string };

const DEFAULT_LIMIT = 20;

@SubCommand({ name: 'list', description: 'List users in the order they came' })
export class UsersListCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run(_words: string[], { json = false, limit = DEFAULT_LIMIT, cursor }: Options): Promise<void> {
    const page = await this.service.use((app) =>
      app.get(IdentityFacade).users.list(limit, cursor === undefined ? null : userId(cursor)),
    );
    const rows = page.items.map(({ id, email, username, status }) => [id, email, username ?? '-', status]);
    const more = page.nextCursor === null ? '' : `\nMore: --cursor ${page.nextCursor}`;
    await this.terminal.say(
      json,
      { items: page.items.map(userJson), next_cursor: page.nextCursor },
      table(['ID', 'E-MAIL', 'USERNAME', 'STATUS'], rows) + more,
    );
  }

  @Option({ flags: '--limit <count>', description: '1 to 100 (20)' })
  readLimit(value: string): number {
    const limit = Number(value);
    if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw new UsageError('--limit is 1 to 100');
    return limit;
  }

  @Option({ flags: '--cursor <id>', description: 'where the page before ended' })
  readCursor(value: string): string {
    if (!isUuid(value)) throw new UsageError('--cursor is not a cursor');
    return value;
  }
}
