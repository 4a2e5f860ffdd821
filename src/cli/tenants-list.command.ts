import { Option, SubCommand } from 'nest-commander';
import { isUuid, tenantId } from '../kernel/ids';
import { TENANT_STATUSES, type TenantFilter, TenantsFacade } from '../modules/tenancy/tenants.facade';
import { UsageError } from './command';
import { DEFAULT_LIMIT, moreBelow, type PageOptions, PagedCommand } from './paged-command';
import { Service } from './service';
import { tenantJson } from './tenants.views';
import { table, Terminal } from './terminal';

type Options = PageOptions & { readonly search?: string; readonly status?: TenantFilter['status'] };

@SubCommand({ name: 'list', description: 'List tenants in the order they were opened' })
export class TenantsListCommand extends PagedCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  protected isCursor(text: string): boolean {
    return isUuid(text);
  }

  async run(
    _words: string[],
    { json = false, limit = DEFAULT_LIMIT, cursor, search, status = null }: Options,
  ): Promise<void> {
    const page = { limit, cursor: cursor === undefined ? null : tenantId(cursor) };
    const { items, nextCursor } = await this.service.use((app) =>
      app.get(TenantsFacade).list({ search: search ?? null, status }, page),
    );
    const rows = items.map(({ id, slug, name, kind, status: standing }) => [id, slug, name, kind, standing]);
    await this.terminal.say(
      json,
      { items: items.map(tenantJson), next_cursor: nextCursor },
      table(['ID', 'SLUG', 'NAME', 'KIND', 'STATUS'], rows) + moreBelow(nextCursor),
    );
  }

  @Option({ flags: '--search <text>', description: 'part of the name or slug' })
  readSearch(value: string): string {
    return value;
  }

  @Option({ flags: '--status <status>', description: TENANT_STATUSES.join(', ') })
  readStatus(value: string): TenantFilter['status'] {
    const status = TENANT_STATUSES.find((one) => one === value);
    if (!status) throw new UsageError(`--status is one of ${TENANT_STATUSES.join(', ')}`);
    return status;
  }
}
