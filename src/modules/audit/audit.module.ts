import { Module } from '@nestjs/common';
import { AuditQueries } from './application/audit-queries';
import { AuditTrail } from './application/audit-trail.port';
import { ForgetPerson } from './application/forget-person';
import { PersonKeys } from './application/person-keys.port';
import { AuditSubscriptions } from './audit-subscriptions';
import { AuditLogsController } from './http/audit-logs.controller';
import { AuditPersonalData } from './infrastructure/audit-personal-data';
import { EventMac } from './infrastructure/event-mac';
import { EventViews } from './infrastructure/event-views';
import { AddressTag } from './infrastructure/personal/address-tag';
import { PersonalFieldsKeeper } from './infrastructure/personal/personal-fields-keeper';
import { StoredPersonKeys } from './infrastructure/personal/stored-person-keys';
import { SqlAuditQueries } from './infrastructure/sql-audit-queries';
import { SqlAuditTrail } from './infrastructure/sql-audit-trail';

/** Hears every event and keeps it. Nobody imports this module. */
@Module({
  controllers: [AuditLogsController],
  providers: [
    AuditSubscriptions,
    AuditPersonalData,
    ForgetPerson,
    EventMac,
    EventViews,
    AddressTag,
    PersonalFieldsKeeper,
    { provide: PersonKeys, useClass: StoredPersonKeys },
    { provide: AuditTrail, useClass: SqlAuditTrail },
    { provide: AuditQueries, useClass: SqlAuditQueries },
  ],
})
export class AuditModule {}
