import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { type Due, firstKept, type Month } from '../../domain/archive/due-months';
import { ArchivedMonths } from '../seals/archived-months.port';
import { LoggedMonths } from './logged-months.port';

/** Which months are to be archived. */
@Injectable()
export class DueMonths {
  constructor(
    private readonly months: LoggedMonths,
    private readonly archives: ArchivedMonths,
    private readonly work: UnitOfWork,
  ) {}

  /** Oldest first. What comes late to a month that is archived stays where it is. Throws NotTheOwner. */
  list(due: Due): Promise<readonly Month[]> {
    return this.work.overAllTenants(() =>
      this.work.run(async (now) => {
        const archived = new Set((await this.archives.list()).map(({ month }) => month));
        const months = await this.months.before(firstKept(due, now));
        return months.filter((month) => !archived.has(month));
      }),
    );
  }
}
