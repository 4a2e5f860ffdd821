import { Option, SubCommand } from 'nest-commander';
import { AuditLogFacade } from '../modules/audit/audit-log.facade';
import { AuditFilterCommand, type AuditFilterOptions } from './audit-filter-command';
import { EVENT_HEADING, eventJson, eventRow } from './audit.views';
import { UsageError } from './command';
import { DEFAULT_LIMIT, limitOf, moreBelow } from './paged-command';
import { Service } from './service';
import { table, Terminal } from './terminal';

type Options = AuditFilterOptions & { readonly limit?: number; readonly cursor?: string };

@SubCommand({ name: 'list', description: 'List events, newest first; that they were read is an event too' })
export class AuditListCommand extends AuditFilterCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run(_words: string[], { json = false, limit = DEFAULT_LIMIT, cursor, ...options }: Options): Promise<void> {
    const wanted = this.wanted(options);
    const page = await this.service.use(async (app) => {
      const { tenant, filter } = await wanted(app);
      return app.get(AuditLogFacade).list(tenant, filter, { limit, before: cursor ?? null });
    });
    await this.terminal.say(
      json,
      { items: page.items.map(eventJson), next_cursor: page.nextCursor },
      table(EVENT_HEADING, page.items.map(eventRow)) + moreBelow(page.nextCursor),
    );
  }

  @Option({ flags: '--limit <count>', description: `1 to 100 (${String(DEFAULT_LIMIT)})` })
  readLimit(value: string): number {
    return limitOf(value);
  }

  @Option({ flags: '--cursor <sequence>', description: 'where the page before ended' })
  readCursor(value: string): string {
    if (!/^[1-9]\d{0,17}$/.test(value)) throw new UsageError('--cursor is not a cursor');
    return value;
  }
}
