import { Module } from '@nestjs/common';
import { AuditQueries } from './application/audit-queries';
import { AuditTrail } from './application/audit-trail.port';
import { ExportAuditLog } from './application/export-audit-log';
import { ExportEncoder } from './application/export-encoder.port';
import { ForgetPerson } from './application/forget-person';
import { PersonKeys } from './application/person-keys.port';
import { ReadAuditLog } from './application/read-audit-log';
import { AuditSubscriptions } from './audit-subscriptions';
import { AuditExportController } from './http/audit-export.controller';
import { AuditLogsController } from './http/audit-logs.controller';
import { AuditPersonalData } from './infrastructure/audit-personal-data';
import { EventMac } from './infrastructure/event-mac';
import { EventViews } from './infrastructure/event-views';
import { LineExportEncoder } from './infrastructure/exports/line-export-encoder';
import { AddressTag } from './infrastructure/personal/address-tag';
import { PersonalFieldsKeeper } from './infrastructure/personal/personal-fields-keeper';
import { StoredPersonKeys } from './infrastructure/personal/stored-person-keys';
import { SqlAuditQueries } from './infrastructure/sql-audit-queries';
import { SqlAuditTrail } from './infrastructure/sql-audit-trail';

/** Hears every event and keeps it. Nobody imports this module. */
@Module({
  controllers: [AuditLogsController, AuditExportController],
  providers: [
    AuditSubscriptions,
    AuditPersonalData,
    ForgetPerson,
    ReadAuditLog,
    ExportAuditLog,
    EventMac,
    EventViews,
    AddressTag,
    PersonalFieldsKeeper,
    { provide: PersonKeys, useClass: StoredPersonKeys },
    { provide: AuditTrail, useClass: SqlAuditTrail },
    { provide: AuditQueries, useClass: SqlAuditQueries },
    { provide: ExportEncoder, useClass: LineExportEncoder },
  ],
})
export class AuditModule {}
