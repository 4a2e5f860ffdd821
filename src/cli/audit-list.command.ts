import { SubCommand } from 'nest-commander';
import { AuditLogFacade } from '../modules/audit/audit-log.facade';
import { AuditFilterCommand, type AuditFilterOptions } from './audit-filter-command';
import { EVENT_HEADING, eventJson, eventRow } from './audit.views';
import {
  CursorOption,
  cursorOf,
  DEFAULT_LIMIT,
  LimitOption,
  limitOf,
  moreBelow,
  type PageOptions,
} from './paged-command';
import { Service } from './service';
import { table, Terminal } from './terminal';

type Options = AuditFilterOptions & PageOptions;

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

  @LimitOption()
  readLimit(value: string): number {
    return limitOf(value);
  }

  @CursorOption()
  readCursor(value: string): string {
    return cursorOf(value, (text) => /^[1-9]\d{0,17}$/.test(text));
  }
}
