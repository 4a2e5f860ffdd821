import { Injectable } from '@nestjs/common';
import { RowScopes } from '../../../platform/database/row-scope';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { auditExported } from '../audit.events';
import type { ExportFormat } from '../domain/export-format';
import { type AuditFilter, type AuditPage, AuditQueries } from './audit-queries';
import { ExportEncoder } from './export-encoder.port';
import { lookedFor, type Reading } from './reading';

/** Events of one run: each run is a transaction of its own, and all of it there is in memory. */
const RUN = 500;

export type ExportRequest = Reading & { readonly filter: AuditFilter; readonly format: ExportFormat };

export type AuditExport = {
  /** It holds what happened before this. */
  readonly until: Date;
  /** The file, run by run. Throws where the next one cannot be read. */
  readonly texts: AsyncIterable<string>;
};

/** All events of a subject, oldest first. */
@Injectable()
export class ExportAuditLog {
  constructor(
    private readonly queries: AuditQueries,
    private readonly encoder: ExportEncoder,
    private readonly scopes: RowScopes,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /**
   * That it is exported goes on record first. The first run is read before this returns, and the others as they are wanted:
   * whoever wants them by then, they see the rows the caller sees now.
   */
  async execute({ by, subject, filter, format }: ExportRequest): Promise<AuditExport> {
    const begun = await this.work.run(async (now) => {
      await this.events.append(auditExported(by, format, lookedFor(filter)));
      return now;
    });
    const until = filter.to && filter.to < begun ? filter.to : begun;
    const runFrom = (after: string | null): Promise<AuditPage> =>
      this.queries.run(subject, { ...filter, to: until }, { limit: RUN, after });
    const scope = this.scopes.current;
    const first = await runFrom(null);
    return { until, texts: this.textsOf(format, first, (after) => this.scopes.run(scope, () => runFrom(after))) };
  }

  private async *textsOf(
    format: ExportFormat,
    first: AuditPage,
    runFrom: (after: string) => Promise<AuditPage>,
  ): AsyncGenerator<string> {
    const head = this.encoder.head(format);
    if (head !== '') yield head;
    for (let run = first; ; run = await runFrom(run.nextCursor)) {
      if (run.items.length > 0) yield this.encoder.lines(format, run.items);
      if (run.nextCursor === null) return;
    }
  }
}
