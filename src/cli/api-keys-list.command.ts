import { Option, SubCommand } from 'nest-commander';
import { NotFound } from '../kernel/domain-error';
import { TenancyFacade } from '../modules/tenancy/tenancy.facade';
import { ApiKeysFacade, isApiKeyId } from '../modules/tokens/api-keys.facade';
import { apiKeyJson } from './api-keys.views';
import { DEFAULT_LIMIT, moreBelow, type PageOptions, PagedCommand } from './paged-command';
import { Service } from './service';
import { table, Terminal } from './terminal';

type Options = PageOptions & { readonly tenant: string };

@SubCommand({ name: 'list', description: 'List the keys of a tenant in the order they were made' })
export class ApiKeysListCommand extends PagedCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  protected isCursor(text: string): boolean {
    return isApiKeyId(text);
  }

  async run(_words: string[], { json = false, tenant, limit = DEFAULT_LIMIT, cursor }: Options): Promise<void> {
    const page = await this.service.use(async (app) => {
      const found = await app.get(TenancyFacade).find(tenant);
      if (!found) throw new NotFound();
      return app.get(ApiKeysFacade).list(found.id, limit, cursor !== undefined && isApiKeyId(cursor) ? cursor : null);
    });
    const rows = page.items.map(({ id, name, prefix, expiresAt, lastUsedAt, permissions }) => [
      id,
      name,
      prefix,
      expiresAt.toISOString(),
      lastUsedAt?.toISOString() ?? 'never',
      permissions.join(' '),
    ]);
    await this.terminal.say(
      json,
      { items: page.items.map(apiKeyJson), next_cursor: page.nextCursor },
      table(['ID', 'NAME', 'BEGINS', 'EXPIRES', 'LAST USED', 'PERMISSIONS'], rows) + moreBelow(page.nextCursor),
    );
  }

  @Option({ flags: '--tenant <slug or id>', description: 'whose keys', required: true })
  readTenant(value: string): string {
    return value;
  }
}
