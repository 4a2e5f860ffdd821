import { Module } from '@nestjs/common';
import { Arrivals } from './application/arrivals.port';
import { AuditCounts } from './application/audit-counts.port';
import { AuditQueries } from './application/audit-queries';
import { AuditTrail } from './application/audit-trail.port';
import { ExportAuditLog } from './application/export-audit-log';
import { ExportEncoder } from './application/export-encoder.port';
import { FollowAuditLog } from './application/follow-audit-log';
import { ForgetPerson } from './application/forget-person';
import { AuditMonths } from './application/months/audit-months.port';
import { MakeMonths } from './application/months/make-months';
import { PersonKeys } from './application/person-keys.port';
import { ReadAuditLog } from './application/read-audit-log';
import { SummariseAuditLog } from './application/summarise-audit-log';
import { AuditLogFacade } from './audit-log.facade';
import { AuditSubscriptions } from './audit-subscriptions';
import { AuditExportController } from './http/audit-export.controller';
import { AuditLogsController } from './http/audit-logs.controller';
import { AuditSummaryController } from './http/audit-summary.controller';
import { AuditPersonalData } from './infrastructure/audit-personal-data';
import { EventMac } from './infrastructure/event-mac';
import { EventViews } from './infrastructure/event-views';
import { SqlAuditMonths } from './infrastructure/months/sql-audit-months';
import { LineExportEncoder } from './infrastructure/exports/line-export-encoder';
import { AddressTag } from './infrastructure/personal/address-tag';
import { PersonalFieldsKeeper } from './infrastructure/personal/personal-fields-keeper';
import { StoredPersonKeys } from './infrastructure/personal/stored-person-keys';
import { SqlArrivals } from './infrastructure/following/sql-arrivals';
import { SqlAuditCounts } from './infrastructure/sql-audit-counts';
import { SqlAuditQueries } from './infrastructure/sql-audit-queries';
import { SqlAuditTrail } from './infrastructure/sql-audit-trail';
import { MonthChores } from './month-chores';

/** Hears every event and keeps it. Nobody imports this module. */
@Module({
  controllers: [AuditLogsController, AuditExportController, AuditSummaryController],
  providers: [
    AuditSubscriptions,
    AuditPersonalData,
    ForgetPerson,
    MakeMonths,
    MonthChores,
    ReadAuditLog,
    ExportAuditLog,
    FollowAuditLog,
    SummariseAuditLog,
    AuditLogFacade,
    EventMac,
    EventViews,
    AddressTag,
    PersonalFieldsKeeper,
    { provide: PersonKeys, useClass: StoredPersonKeys },
    { provide: AuditMonths, useClass: SqlAuditMonths },
    { provide: AuditTrail, useClass: SqlAuditTrail },
    { provide: AuditQueries, useClass: SqlAuditQueries },
    { provide: AuditCounts, useClass: SqlAuditCounts },
    { provide: Arrivals, useClass: SqlArrivals },
    { provide: ExportEncoder, useClass: LineExportEncoder },
  ],
})
export class AuditModule {}
