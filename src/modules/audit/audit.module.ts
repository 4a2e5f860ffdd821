import { Module } from '@nestjs/common';
import { ArchiveAuditLog } from './application/archive/archive-audit-log';
import { ArchiveFiles } from './application/archive/archive-files.port';
import { ArchiveRecords } from './application/archive/archive-records.port';
import { CheckArchive } from './application/archive/check-archive';
import { DueMonths } from './application/archive/due-months';
import { LoggedMonths } from './application/archive/logged-months.port';
import { RemoveMonth } from './application/archive/remove-month';
import { WriteMonth } from './application/archive/write-month';
import { ArchivedMonths } from './application/seals/archived-months.port';
import { AuditKeys } from './application/seals/audit-keys.port';
import { DailyCounts } from './application/seals/daily-counts.port';
import { FollowHead } from './application/seals/follow-head';
import { HeadAnchor } from './application/seals/head-anchor.port';
import { InspectSeal } from './application/seals/inspect-seal';
import { LoggedEvents } from './application/seals/logged-events.port';
import { SealAuditLog } from './application/seals/seal-audit-log';
import { Seals } from './application/seals/seals.port';
import { ProveEvent } from './application/seals/prove-event';
import { VerifyAuditLog } from './application/seals/verify-audit-log';
import { VerifyOnRecord } from './application/seals/verify-on-record';
import { AuditQueries } from './application/audit-queries';
import { AuditTrail } from './application/audit-trail.port';
import { ForgetPerson } from './application/forget-person';
import { AuditMonths } from './application/months/audit-months.port';
import { MakeMonths } from './application/months/make-months';
import { PersonKeys } from './application/person-keys.port';
import { ArchiveFacade } from './archive.facade';
import { AuditSubscriptions } from './audit-subscriptions';
import { AuditSealsController } from './http/audit-seals.controller';
import { AuditLogsController } from './http/audit-logs.controller';
import { DiskArchiveFiles } from './infrastructure/archive/disk-archive-files';
import { SqlArchiveRecords } from './infrastructure/archive/sql-archive-records';
import { SqlLoggedMonths } from './infrastructure/archive/sql-logged-months';
import { AuditPersonalData } from './infrastructure/audit-personal-data';
import { EventMac } from './infrastructure/event-mac';
import { EventViews } from './infrastructure/event-views';
import { SqlAuditMonths } from './infrastructure/months/sql-audit-months';
import { AddressTag } from './infrastructure/personal/address-tag';
import { PersonalFieldsKeeper } from './infrastructure/personal/personal-fields-keeper';
import { StoredPersonKeys } from './infrastructure/personal/stored-person-keys';
import { EventChecks } from './infrastructure/seals/event-checks';
import { FileHeadAnchor } from './infrastructure/seals/file-head-anchor';
import { SqlArchivedMonths } from './infrastructure/seals/sql-archived-months';
import { SqlDailyCounts } from './infrastructure/seals/sql-daily-counts';
import { SqlLoggedEvents } from './infrastructure/seals/sql-logged-events';
import { SqlSeals } from './infrastructure/seals/sql-seals';
import { StoredAuditKeys } from './infrastructure/seals/stored-audit-keys';
import { SqlAuditQueries } from './infrastructure/sql-audit-queries';
import { SqlAuditTrail } from './infrastructure/sql-audit-trail';
import { MonthChores } from './month-chores';
import { SealChores } from './seal-chores';
import { SealsFacade } from './seals.facade';

/** What seals the log and holds it to its seals. */
const sealing = [
  SealChores,
  SealAuditLog,
  FollowHead,
  InspectSeal,
  VerifyAuditLog,
  VerifyOnRecord,
  ProveEvent,
  SealsFacade,
  EventChecks,
  { provide: LoggedEvents, useClass: SqlLoggedEvents },
  { provide: Seals, useClass: SqlSeals },
  { provide: AuditKeys, useClass: StoredAuditKeys },
  { provide: DailyCounts, useClass: SqlDailyCounts },
  { provide: HeadAnchor, useClass: FileHeadAnchor },
  { provide: ArchivedMonths, useClass: SqlArchivedMonths },
];

/** What takes months that are over to files. */
const archiving = [
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

/** Hears every event and keeps it. Nobody imports this module. */
@Module({
  controllers: [AuditLogsController, AuditSealsController],
  providers: [
    AuditSubscriptions,
    AuditPersonalData,
    ForgetPerson,
    MakeMonths,
    MonthChores,
    EventMac,
    EventViews,
    AddressTag,
    PersonalFieldsKeeper,
    { provide: PersonKeys, useClass: StoredPersonKeys },
    { provide: AuditMonths, useClass: SqlAuditMonths },
    { provide: AuditTrail, useClass: SqlAuditTrail },
    { provide: AuditQueries, useClass: SqlAuditQueries },
    ...sealing,
    ...archiving,
  ],
})
export class AuditModule {}
