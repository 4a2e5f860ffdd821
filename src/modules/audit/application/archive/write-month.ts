import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import type { Month } from '../../domain/archive/due-months';
import type { Seal } from '../../domain/seals/seal';
import { Seals } from '../seals/seals.port';
import { ArchiveFiles, type ArchiveFile } from './archive-files.port';
import { type HeldTogether } from '../seals/hold-together';
import { CheckArchive } from './check-archive';
import { LoggedMonths } from './logged-months.port';

const EVENTS_A_PAGE = 1000;
const SEALS_A_PAGE = 16;

/** The files of a month, as they lie there, and what is in them. */
export type WrittenMonth = HeldTogether & {
  readonly month: Month;
  readonly file: ArchiveFile;
  /** false: what lies there is not what was written. */
  readonly isWhole: boolean;
};

/** Writes the events of a month and their seals to files, and reads them back. Removes nothing. */
@Injectable()
export class WriteMonth {
  constructor(
    private readonly months: LoggedMonths,
    private readonly seals: Seals,
    private readonly files: ArchiveFiles,
    private readonly checking: CheckArchive,
    private readonly work: UnitOfWork,
  ) {}

  async execute(month: Month, folder: string): Promise<WrittenMonth> {
    await this.work.run(() => this.months.separate(month));
    const events = await this.files.writeEvents(folder, month, this.linesOf(month));
    const seals = await this.files.writeSeals(folder, month, this.sealsOf(month));
    const lying = await this.files.lying(folder, month);
    const isWhole = isSame(lying.events, events) && isSame(lying.seals, seals);
    return { ...(await this.checking.execute(folder, month)), month, file: events, isWhole };
  }

  private async *linesOf(month: Month): AsyncGenerator<string> {
    let behind: string | null = null;
    for (;;) {
      const page = await this.months.lines(month, behind, EVENTS_A_PAGE);
      for (const { line } of page) yield line;
      if (page.length < EVENTS_A_PAGE) return;
      behind = page.at(-1)?.sequence ?? null;
    }
  }

  /** From the first to the last of the month, with what stands between them. */
  private async *sealsOf(month: Month): AsyncGenerator<Seal> {
    const span = await this.seals.spanOf(month);
    if (span === null) return;
    for (let behind = span.first - 1; behind < span.last;) {
      const page = (await this.seals.after(behind, SEALS_A_PAGE)).filter(({ payload }) => payload.number <= span.last);
      yield* page;
      behind = page.at(-1)?.payload.number ?? span.last;
    }
  }
}

function isSame(one: ArchiveFile, other: ArchiveFile): boolean {
  return one.fileSha256 === other.fileSha256 && one.contentSha256 === other.contentSha256;
}
