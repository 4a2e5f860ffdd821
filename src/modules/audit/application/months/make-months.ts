import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { AuditMonths } from './audit-months.port';

/** A service that could not do this for a quarter of a year still finds its months; after that, events wait in one table. */
const AHEAD = 3;

/** Makes the tables of months to come. What was kept for one of them meanwhile goes into it. */
@Injectable()
export class MakeMonths {
  constructor(
    private readonly months: AuditMonths,
    private readonly work: UnitOfWork,
  ) {}

  /** Returns how many were missing. */
  execute(): Promise<number> {
    return this.work.run(() => this.months.makeAhead(AHEAD));
  }
}
