import type { Provider } from '@nestjs/common';
import { ArchiveAuditLog } from './application/archive/archive-audit-log';
import { ArchiveFiles } from './application/archive/archive-files.port';
import { ArchiveRecords } from './application/archive/archive-records.port';
import { CheckArchive } from './application/archive/check-archive';
import { DueMonths } from './application/archive/due-months';
import { LoggedMonths } from './application/archive/logged-months.port';
import { RemoveMonth } from './application/archive/remove-month';
import { WriteMonth } from './application/archive/write-month';
import { ArchiveFacade } from './archive.facade';
import { DiskArchiveFiles } from './infrastructure/archive/disk-archive-files';
import { SqlArchiveRecords } from './infrastructure/archive/sql-archive-records';
import { SqlLoggedMonths } from './infrastructure/archive/sql-logged-months';

/** What takes months that are over to files. */
export const archiving: readonly Provider[] = [
  ArchiveFacade,
  ArchiveAuditLog,
  DueMonths,
  WriteMonth,
  CheckArchive,
  RemoveMonth,
  { provide: LoggedMonths, useClass: SqlLoggedMonths },
  { provide: ArchiveFiles, useClass: DiskArchiveFiles },
  { provide: ArchiveRecords, useClass: SqlArchiveRecords },
];
