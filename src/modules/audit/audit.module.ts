import { Module } from '@nestjs/common';
import { AuditQueries } from './application/audit-queries';
import { AuditTrail } from './application/audit-trail.port';
import { ForgetPerson } from './application/forget-person';
import { AuditMonths } from './application/months/audit-months.port';
import { MakeMonths } from './application/months/make-months';
import { PersonKeys } from './application/person-keys.port';
import { AuditSubscriptions } from './audit-subscriptions';
import { AuditLogsController } from './http/audit-logs.controller';
import { AuditPersonalData } from './infrastructure/audit-personal-data';
import { EventMac } from './infrastructure/event-mac';
import { EventViews } from './infrastructure/event-views';
import { SqlAuditMonths } from './infrastructure/months/sql-audit-months';
import { AddressTag } from './infrastructure/personal/address-tag';
import { PersonalFieldsKeeper } from './infrastructure/personal/personal-fields-keeper';
import { StoredPersonKeys } from './infrastructure/personal/stored-person-keys';
import { SqlAuditQueries } from './infrastructure/sql-audit-queries';
import { SqlAuditTrail } from './infrastructure/sql-audit-trail';
import { MonthChores } from './month-chores';

/** Hears every event and keeps it. Nobody imports this module. */
@Module({
  controllers: [AuditLogsController],
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
  ],
})
export class AuditModule {}
