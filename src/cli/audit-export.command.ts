import { resolve } from 'node:path';
import { Option, SubCommand } from 'nest-commander';
import { AuditLogFacade, EXPORT_FORMATS, type ExportFormat } from '../modules/audit/audit-log.facade';
import { AuditFilterCommand, type AuditFilterOptions } from './audit-filter-command';
import { UsageError } from './command';
import { ExportFile } from './export-file';
import { CountedLines, Progress } from './progress';
import { Service } from './service';
import { harmless, printable, Terminal } from './terminal';

type Options = AuditFilterOptions & { readonly out: string; readonly format?: ExportFormat; readonly seals?: string };

/** `seals` is null where none were asked for. */
type Written = { readonly events: number; readonly seals: number | null };

@SubCommand({
  name: 'export',
  description: 'Write events to a file, oldest first or, with --seals, by number; that they were is an event too',
})
export class AuditExportCommand extends AuditFilterCommand {
  constructor(
    private readonly service: Service,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  async run(_words: string[], { json = false, out, format = 'ndjson', seals, ...options }: Options): Promise<void> {
    if (seals !== undefined && resolve(seals) === resolve(out)) throw new UsageError('--out and --seals are the same');
    const wanted = this.wanted(options);
    const written = await this.service.use(async (app) => {
      const { tenant, filter } = await wanted(app);
      const log = app.get(AuditLogFacade);
      const [file, sealsFile] = [await ExportFile.at(out), seals === undefined ? null : await ExportFile.at(seals)];
      const sealLines = sealsFile && (await log.sealsUpToNow());
      const pieces = await log.export(tenant, filter, {
        format,
        order: seals === undefined ? 'oldest_first' : 'by_number',
      });
      const progress = new Progress('events');
      try {
        await file.write(progress.watched(pieces));
      } finally {
        progress.end();
      }
      const counted = new CountedLines();
      if (sealLines) await sealsFile.write(counted.watched(sealLines));
      return { events: progress.count, seals: sealLines && counted.count };
    });
    await this.tell(json, written, { out, seals });
  }

  /** Beside the data, where that is what standard output is for. */
  private async tell(json: boolean, written: Written, { out, seals }: Pick<Options, 'out' | 'seals'>): Promise<void> {
    const sealsWords = seals === undefined ? '' : `, ${String(written.seals)} seals to ${seals}`;
    const words = printable(`${String(written.events)} events written to ${out}${sealsWords}`);
    const value = { ...written, out, seals_out: seals ?? null };
    if (out !== '-' && seals !== '-') await this.terminal.say(json, value, `${words}.`);
    else process.stderr.write(`${json ? harmless(JSON.stringify(value)) : `${words}.`}\n`);
  }

  @Option({ flags: '--out <file>', description: 'the file to write, or - for standard output', required: true })
  readOut(value: string): string {
    return value;
  }

  @Option({ flags: '--format <format>', description: 'ndjson, which can be verified, or csv (ndjson)' })
  readFormat(value: string): ExportFormat {
    const format = EXPORT_FORMATS.find((known) => known === value);
    if (format === undefined) throw new UsageError(`--format is ${EXPORT_FORMATS.join(' or ')}`);
    return format;
  }

  @Option({
    flags: '--seals <file>',
    description: 'where to write all seals, by which the events can be verified elsewhere',
  })
  readSeals(value: string): string {
    return value;
  }
}
