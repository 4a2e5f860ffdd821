import { Module, type OnModuleInit } from '@nestjs/common';
import { EventSubscriptions } from '../../platform/events/event-subscriptions';
import { AuditQueries } from './application/audit-queries';
import { AuditTrail } from './application/audit-trail.port';
import { AuditLogsController } from './http/audit-logs.controller';
import { AuditEventRow } from './infrastructure/audit-event.row';
import { AuditPersonalData } from './infrastructure/audit-personal-data';
import { SqlAuditTrail } from './infrastructure/sql-audit-trail';
import { TypeOrmAuditQueries } from './infrastructure/typeorm-audit-queries';

export const auditRows = [AuditEventRow];

/** Hears every event and keeps it. Nobody imports this module. */
@Module({
  controllers: [AuditLogsController],
  providers: [
    AuditPersonalData,
    { provide: AuditTrail, useClass: SqlAuditTrail },
    { provide: AuditQueries, useClass: TypeOrmAuditQueries },
  ],
})
export class AuditModule implements OnModuleInit {
  constructor(
    private readonly subscriptions: EventSubscriptions,
    private readonly trail: AuditTrail,
  ) {}

  onModuleInit(): void {
    this.subscriptions.subscribe('*', (event) => this.trail.record(event));
  }
}
