import { Injectable } from '@nestjs/common';
import { AuditSettings } from '../../platform/config/settings';
import { type Archiving, ArchiveAuditLog } from './application/archive/archive-audit-log';
import { DueMonths } from './application/archive/due-months';
import type { Due, Month } from './domain/archive/due-months';

export { MonthGrew, NotTheOwner } from './application/archive/logged-months.port';
export type { Archiving, Month };

/** What the command line asks of archives. */
@Injectable()
export class ArchiveFacade {
  constructor(
    private readonly months: DueMonths,
    private readonly archiving: ArchiveAuditLog,
    private readonly settings: AuditSettings,
  ) {}

  /** By the settings; null: they keep everything for ever. */
  byRetention(): Due | null {
    const { retentionSeconds } = this.settings;
    return retentionSeconds === undefined ? null : { retentionSeconds };
  }

  /** Months that would be archived, oldest first. Throws NotTheOwner. */
  due(due: Due): Promise<readonly Month[]> {
    return this.months.list(due);
  }

  /** `folder` null: where the settings say. Throws NotTheOwner, MonthGrew. */
  archive(due: Due, folder: string | null): Promise<Archiving> {
    return this.archiving.execute(due, folder ?? this.settings.archiveFolder);
  }
}
