import { Option, SubCommand } from 'nest-commander';
import { NotFound } from '../kernel/domain-error';
import { isUuid, roleId } from '../kernel/ids';
import { RolesFacade } from '../modules/tenancy/roles.facade';
import { TenancyFacade } from '../modules/tenancy/tenancy.facade';
import { DEFAULT_LIMIT, moreBelow, type PageOptions, PagedCommand } from './paged-command';
import { roleJson } from './roles.views';
import { Service } from './service';
import { table, Terminal } from './terminal';

type Options = PageOptions & { readonly tenant: string };

@SubCommand({ name: 'list', description: 'List the roles of a tenant, the built-in ones and its own' })
export class RolesListCommand extends PagedCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  protected isCursor(text: string): boolean {
    return isUuid(text);
  }

  async run(_words: string[], { json = false, tenant, limit = DEFAULT_LIMIT, cursor }: Options): Promise<void> {
    const page = await this.service.use(async (app) => {
      const found = await app.get(TenancyFacade).find(tenant);
      if (!found) throw new NotFound();
      return app.get(RolesFacade).list(found.id, { limit, cursor: cursor === undefined ? null : roleId(cursor) });
    });
    const rows = page.items.map(({ id, name, tenantId, permissions }) => [
      id,
      name,
      tenantId === null ? 'yes' : 'no',
      permissions.join(' '),
    ]);
    await this.terminal.say(
      json,
      { items: page.items.map(roleJson), next_cursor: page.nextCursor },
      table(['ID', 'NAME', 'BUILT IN', 'PERMISSIONS'], rows) + moreBelow(page.nextCursor),
    );
  }

  @Option({ flags: '--tenant <slug or id>', description: 'whose roles', required: true })
  readTenant(value: string): string {
    return value;
  }
}
