import { Module } from '@nestjs/common';
import { AuditTrail } from './application/audit-trail.port';
import { ForgetPerson } from './application/forget-person';
import { AuditMonths } from './application/months/audit-months.port';
import { MakeMonths } from './application/months/make-months';
import { PersonKeys } from './application/person-keys.port';
import { archiving } from './archive.providers';
import { AuditSubscriptions } from './audit-subscriptions';
import { AuditExportController } from './http/audit-export.controller';
import { AuditLogsController } from './http/audit-logs.controller';
import { AuditSealsController } from './http/audit-seals.controller';
import { AuditSummaryController } from './http/audit-summary.controller';
import { AuditSecret } from './infrastructure/audit-secret';
import { EventMac } from './infrastructure/event-mac';
import { SqlAuditMonths } from './infrastructure/months/sql-audit-months';
import { AddressTag } from './infrastructure/personal/address-tag';
import { PersonalFieldsKeeper } from './infrastructure/personal/personal-fields-keeper';
import { StoredPersonKeys } from './infrastructure/personal/stored-person-keys';
import { SqlAuditTrail } from './infrastructure/sql-audit-trail';
import { MonthChores } from './month-chores';
import { reading } from './reading.providers';
import { sealing } from './seals.providers';

/** Hears every event and keeps it. Nobody imports this module. */
@Module({
  controllers: [AuditLogsController, AuditExportController, AuditSummaryController, AuditSealsController],
  providers: [
    AuditSubscriptions,
    ForgetPerson,
    MakeMonths,
    MonthChores,
    AuditSecret,
    EventMac,
    AddressTag,
    PersonalFieldsKeeper,
    { provide: PersonKeys, useClass: StoredPersonKeys },
    { provide: AuditMonths, useClass: SqlAuditMonths },
    { provide: AuditTrail, useClass: SqlAuditTrail },
    ...reading,
    ...sealing,
    ...archiving,
  ],
})
export class AuditModule {}
