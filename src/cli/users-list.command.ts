import { SubCommand } from 'nest-commander';
import { isUuid, userId } from '../kernel/ids';
import { IdentityFacade } from '../modules/identity/identity.facade';
import { DEFAULT_LIMIT, moreBelow, type PageOptions, PagedCommand } from './paged-command';
import { Service } from './service';
import { table, Terminal } from './terminal';
import { userJson } from './users.views';

@SubCommand({ name: 'list', description: 'List users in the order they came' })
export class UsersListCommand extends PagedCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  protected isCursor(text: string): boolean {
    return isUuid(text);
  }

  async run(_words: string[], { json = false, limit = DEFAULT_LIMIT, cursor }: PageOptions): Promise<void> {
    const page = await this.service.use((app) =>
      app.get(IdentityFacade).users.list(limit, cursor === undefined ? null : userId(cursor)),
    );
    const rows = page.items.map(({ id, email, username, status }) => [id, email, username ?? '-', status]);
    await this.terminal.say(
      json,
      { items: page.items.map(userJson), next_cursor: page.nextCursor },
      table(['ID', 'E-MAIL', 'USERNAME', 'STATUS'], rows) + moreBelow(page.nextCursor),
    );
  }
}
