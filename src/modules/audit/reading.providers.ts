import type { Provider } from '@nestjs/common';
import { Arrivals } from './application/arrivals.port';
import { AuditCounts } from './application/audit-counts.port';
import { AuditQueries } from './application/audit-queries';
import { ExportAuditLog } from './application/export-audit-log';
import { ExportEncoder } from './application/export-encoder.port';
import { ExportSeals } from './application/export-seals';
import { FollowAuditLog } from './application/follow-audit-log';
import { ReadAuditLog } from './application/read-audit-log';
import { SummariseAuditLog } from './application/summarise-audit-log';
import { AuditLogFacade } from './audit-log.facade';
import { AuditPersonalData } from './infrastructure/audit-personal-data';
import { EventViews } from './infrastructure/event-views';
import { LineExportEncoder } from './infrastructure/exports/line-export-encoder';
import { SqlArrivals } from './infrastructure/following/sql-arrivals';
import { SqlAuditCounts } from './infrastructure/sql-audit-counts';
import { SqlAuditQueries } from './infrastructure/sql-audit-queries';

/** Ways to read the log, which leave their own trace. */
export const reading: readonly Provider[] = [
  AuditPersonalData,
  ReadAuditLog,
  ExportAuditLog,
  ExportSeals,
  FollowAuditLog,
  SummariseAuditLog,
  AuditLogFacade,
  EventViews,
  { provide: AuditQueries, useClass: SqlAuditQueries },
  { provide: AuditCounts, useClass: SqlAuditCounts },
  { provide: Arrivals, useClass: SqlArrivals },
  { provide: ExportEncoder, useClass: LineExportEncoder },
];
