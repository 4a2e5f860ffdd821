import { Option, SubCommand } from 'nest-commander';
import { ArchiveFacade, type Archiving, MonthGrew, type Month, NotTheOwner } from '../modules/audit/archive.facade';
import { findingJson, findingWords } from './audit-verify.views';
import { type CommonOptions, DoorwardCommand, Refused, UsageError } from './command';
import { Service } from './service';
import { type Json, Terminal } from './terminal';

type Options = CommonOptions & { readonly before?: string; readonly to?: string; readonly dryRun?: boolean };

const STOPPED: Readonly<Record<NonNullable<Archiving['stopped']>['reason'], string>> = {
  log_unsound: 'The audit log is not as it was sealed: nothing is archived until it is known why (audit verify).',
  not_sealed_yet: 'Not all of the month is sealed yet: somebody has been writing all the while. Run it again.',
  archive_unsound: 'What was written does not go with the seals: nothing was removed.',
  file_not_whole: 'The file is not what was written: nothing was removed.',
};

/** Ends with 1 where something keeps it from going on; what was archived until then stays archived. */
@SubCommand({ name: 'archive', description: 'Take months that are over out of the database, into files' })
export class AuditArchiveCommand extends DoorwardCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run(_words: string[], options: Options): Promise<void> {
    const { json = false, yes = false, dryRun = false, before, to = null } = options;
    await this.service.use(async (app) => {
      const facade = app.get(ArchiveFacade);
      const due = before === undefined ? facade.byRetention() : { before };
      if (due === null) throw new Refused('AUDIT_RETENTION is not set, so everything is kept: say --before <month>');
      const months = await explained(facade.due(due));
      if (dryRun || months.length === 0) {
        const words = months.length === 0 ? 'No month is due.' : `Due: ${months.map(nameOf).join(', ')}`;
        await this.terminal.say(json, { due: months.map(nameOf) }, words);
      } else if (yes || (await this.isSure(months))) {
        await this.say(json, await explained(facade.archive(due, to)));
      }
    });
  }

  private async isSure(months: readonly Month[]): Promise<boolean> {
    const sure = await this.terminal.confirm(
      `The events of ${months.map(nameOf).join(', ')} leave the database once they are in files.`,
    );
    if (sure === null) throw new UsageError('There is no terminal to ask at: --yes archives without asking');
    if (!sure) throw new Refused('Nothing was archived');
    return true;
  }

  private async say(json: boolean, { archived, stopped }: Archiving): Promise<void> {
    if (stopped) process.exitCode = 1;
    const value: Json = {
      archived: archived.map(({ month, events, lastSeal, file }) => {
        return { month: nameOf(month), events, through_seal: lastSeal, file: file.path, sha256: file.fileSha256 };
      }),
      stopped: stopped && {
        month: stopped.month && nameOf(stopped.month),
        reason: stopped.reason,
        findings: stopped.findings.map(findingJson),
      },
    };
    const done = archived.map(({ month, events, file }) => `${nameOf(month)}: ${events} events in ${file.path}`);
    const why = stopped
      ? [
          `${stopped.month ? `${nameOf(stopped.month)}: ` : ''}${STOPPED[stopped.reason]}`,
          ...stopped.findings.map(findingWords),
        ]
      : [];
    await this.terminal.say(json, value, [...done, ...why].join('\n'));
  }

  @Option({ flags: '--before <month>', description: 'months before this one, as 2026-01 (what AUDIT_RETENTION says)' })
  readBefore(value: string): Month {
    if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(value)) throw new UsageError('--before is a month, as 2026-01');
    return `${value}-01`;
  }

  @Option({ flags: '--to <folder>', description: 'where the files go (AUDIT_ARCHIVE_DIR)' })
  readTo(value: string): string {
    return value;
  }

  @Option({ flags: '--dry-run', description: 'say which months are due, and change nothing' })
  readDryRun(): boolean {
    return true;
  }
}

const nameOf = (month: Month): string => month.slice(0, 7);

async function explained<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof NotTheOwner)
      throw new Refused('Tables are dropped by their owner alone: run this with the DATABASE_URL that migrates');
    if (error instanceof MonthGrew) throw new Refused('Something came to the month meanwhile: run it again');
    throw error;
  }
}
