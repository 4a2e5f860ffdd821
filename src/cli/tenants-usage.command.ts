import { Option, SubCommand } from 'nest-commander';
import { NotFound, ValidationFailed } from '../kernel/domain-error';
import { TenancyFacade } from '../modules/tenancy/tenancy.facade';
import { type Usage, usageCsv, UsageFacade, UsageResponse, type WantedSpan } from '../modules/tenancy/usage.facade';
import { type CommonOptions, DoorwardCommand, UsageError } from './command';
import { Service } from './service';
import { table, Terminal, written } from './terminal';

type Options = CommonOptions & {
  readonly from?: string;
  readonly to?: string;
  readonly granularity?: 'day' | 'month';
  readonly csv?: boolean;
};

const COLUMNS = ['period', 'requests', 'sign_ins', 'active_users', 'mails', 'sms', 'users', 'api_keys'] as const;

@SubCommand({
  name: 'usage',
  arguments: '<tenant>',
  description: 'Show what a tenant, named by slug or id, has used: by days or months in UTC',
})
export class TenantsUsageCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run([reference = '']: string[], { json = false, csv = false, ...options }: Options): Promise<void> {
    if (json && csv) throw new UsageError('--json and --csv: choose one of them');
    const wanted = { from: options.from ?? null, to: options.to ?? null, granularity: options.granularity ?? null };
    const usage = await this.read(reference, wanted);
    if (csv) return written(usageCsv(usage));
    const { items, ...span } = UsageResponse.from(usage);
    const rows = items.map((item) => COLUMNS.map((column) => String(item[column] ?? '-')));
    const heading = COLUMNS.map((column) => column.toUpperCase());
    await this.terminal.say(
      json,
      { ...span, items: items.map((item) => Object.fromEntries(Object.entries(item))) },
      table(heading, rows),
    );
  }

  @Option({ flags: '--from <day>', description: 'the first day, such as 2026-11-01 (29 days before the last)' })
  readFrom(value: string): string {
    return value;
  }

  @Option({ flags: '--to <day>', description: 'the last day (today)' })
  readTo(value: string): string {
    return value;
  }

  @Option({ flags: '--granularity <period>', description: 'day or month (day)' })
  readGranularity(value: string): 'day' | 'month' {
    if (value !== 'day' && value !== 'month') throw new UsageError('--granularity is day or month');
    return value;
  }

  @Option({ flags: '--csv', description: 'print CSV alone, as a billing system reads it' })
  readCsv(): boolean {
    return true;
  }

  private async read(reference: string, wanted: WantedSpan): Promise<Usage> {
    try {
      return await this.service.use(async (app) => {
        const tenant = await app.get(TenancyFacade).find(reference);
        if (!tenant) throw new NotFound();
        return app.get(UsageFacade).usageOf(tenant.id, wanted);
      });
    } catch (error) {
      if (!(error instanceof ValidationFailed)) throw error;
      throw new UsageError(error.violations.map(({ field, message }) => `--${field}: ${message}`).join('\n'));
    }
  }
}
