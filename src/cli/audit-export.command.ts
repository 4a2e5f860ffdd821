import { Option, SubCommand } from 'nest-commander';
import { AuditLogFacade, EXPORT_FORMATS, type ExportFormat } from '../modules/audit/audit-log.facade';
import { AuditFilterCommand, type AuditFilterOptions } from './audit-filter-command';
import { UsageError } from './command';
import { ExportFile } from './export-file';
import { Progress } from './progress';
import { Service } from './service';

type Options = AuditFilterOptions & { readonly out: string; readonly format?: ExportFormat; readonly seals?: string };

@SubCommand({
  name: 'export',
  description: 'Write events to a file, oldest first or, with --seals, by number; that they were is an event too',
})
export class AuditExportCommand extends AuditFilterCommand {
  constructor(private readonly service: Service) {
    super();
  }

  async run(_words: string[], { out, format = 'ndjson', seals, ...options }: Options): Promise<void> {
    const wanted = this.wanted(options);
    await this.service.use(async (app) => {
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
      if (sealLines) await sealsFile.write(sealLines);
    });
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
