import { setTimeout as wait } from 'node:timers/promises';
import { Option, SubCommand } from 'nest-commander';
import { AuditLogFacade, type AuditEventView } from '../modules/audit/audit-log.facade';
import { AuditFilterCommand, type AuditFilterOptions } from './audit-filter-command';
import { eventJson, eventLine } from './audit.views';
import { UsageError } from './command';
import { Service } from './service';
import { harmless, written } from './terminal';

type Options = AuditFilterOptions & { readonly lines?: number };

const USUAL = 10;
const MOST = 1_000;
const EVERY_MS = 500;

@SubCommand({ name: 'tail', description: 'Show the last events, and those that come, until it is interrupted' })
export class AuditTailCommand extends AuditFilterCommand {
  constructor(private readonly service: Service) {
    super();
  }

  async run(_words: string[], { json = false, lines = USUAL, ...options }: Options): Promise<void> {
    const wanted = this.wanted(options);
    const stop = interruption();
    const show = (events: readonly AuditEventView[]): Promise<void> => written(textOf(json, events));
    await this.service.use(async (app) => {
      const { tenant, filter } = await wanted(app);
      const { last, follower } = await app.get(AuditLogFacade).follow(tenant, filter, lines);
      await show(last);
      while (!stop.aborted) {
        await show(await follower.next());
        await wait(EVERY_MS, undefined, { signal: stop }).catch(() => undefined);
      }
    });
  }

  @Option({
    flags: '-n, --lines <count>',
    description: `how many of the last ones, 0 to ${String(MOST)} (${String(USUAL)})`,
  })
  readLines(value: string): number {
    const lines = Number(value);
    if (!/^\d+$/.test(value) || lines > MOST) throw new UsageError(`--lines is 0 to ${String(MOST)}`);
    return lines;
  }
}

function textOf(json: boolean, events: readonly AuditEventView[]): string {
  return events.map((event) => `${json ? harmless(JSON.stringify(eventJson(event))) : eventLine(event)}\n`).join('');
}

/** Whoever interrupts it has seen enough: that is no failure. */
function interruption(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      stopping.abort();
    });
  }
  return stopping.signal;
}
