import { Injectable } from '@nestjs/common';
import { RowScopes } from '../../../platform/database/row-scope';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { auditExported } from '../audit.events';
import type { ExportFormat } from '../domain/export-format';
import { type AuditFilter, type AuditPage, AuditQueries, type RunOrder } from './audit-queries';
import { ExportEncoder } from './export-encoder.port';
import { lookedFor, type Reading } from './reading';

/** Events of one run: each run is a transaction of its own, and all of it there is in memory. */
const RUN = 500;

export type ExportRequest = Reading & {
  readonly filter: AuditFilter;
  readonly format: ExportFormat;
  readonly order: RunOrder;
};

/** Part of a file. */
export type ExportPiece = {
  readonly text: string;
  /** Events in it. */
  readonly count: number;
  /** About how far one is behind it, from 0 to 1, by the time of its last event. */
  readonly share: number;
};

/** All events of a subject. */
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
   * That it is exported goes on record first; it holds what happened before that. The first run is read before this
   * returns, and the others as they are wanted: whoever wants them by then, they see the rows the caller sees now. They
   * throw where the next one cannot be read.
   */
  async execute({ by, subject, filter, format, order }: ExportRequest): Promise<AsyncIterable<ExportPiece>> {
    const { begun, through } = await this.work.run(async (now) => {
      // By number and not by time: another process may be ahead of this one, and what is sealed by now must be in it.
      const newest = await this.queries.newest();
      await this.events.append(auditExported(by, format, lookedFor(filter)));
      return { begun: now, through: newest };
    });
    const runFrom = (after: string | null): Promise<AuditPage> =>
      this.queries.run(subject, filter, { limit: RUN, order, after, through });
    const scope = this.scopes.current;
    const first = await runFrom(null);
    const shareAt = shareOf(first, filter.to && filter.to < begun ? filter.to : begun);
    return this.pieces({ format, first, shareAt, runFrom: (after) => this.scopes.run(scope, () => runFrom(after)) });
  }

  private async *pieces({ format, first, shareAt, runFrom }: Runs): AsyncGenerator<ExportPiece> {
    const head = this.encoder.head(format);
    if (head !== '') yield { text: head, count: 0, share: 0 };
    for (let run = first; ; run = await runFrom(run.nextCursor)) {
      const { items } = run;
      if (items.length > 0) yield { text: this.encoder.lines(format, items), count: items.length, share: shareAt(run) };
      if (run.nextCursor === null) return;
    }
  }
}

type Runs = {
  readonly format: ExportFormat;
  readonly first: AuditPage;
  readonly shareAt: (run: AuditPage) => number;
  readonly runFrom: (after: string) => Promise<AuditPage>;
};

/** Nobody counts a million events only to say how many are left. */
function shareOf({ items: [oldest] }: AuditPage, until: Date): (run: AuditPage) => number {
  const begins = Date.parse(oldest?.occurredAt ?? until.toISOString());
  const length = until.getTime() - begins;
  return ({ items, nextCursor }) => {
    const reached = items.at(-1)?.occurredAt;
    if (nextCursor === null || reached === undefined || length <= 0) return 1;
    // By number, an event of a clock that was ahead may be anywhere.
    return Math.min(Math.max((Date.parse(reached) - begins) / length, 0), 1);
  };
}
