import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../platform/database/unit-of-work';
import { EventLog } from '../../../platform/events/event-log';
import { auditRead } from '../audit.events';
import { type AuditFilter, type AuditPage, type AuditPageRequest, AuditQueries } from './audit-queries';
import { lookedFor, type Reading } from './reading';

/** Events of others, which nobody reads unseen (AU-06). */
@Injectable()
export class ReadAuditLog {
  constructor(
    private readonly queries: AuditQueries,
    private readonly work: UnitOfWork,
    private readonly events: EventLog,
  ) {}

  /** What was read is handed out once it is on record that it was. */
  async execute({ by, subject }: Reading, filter: AuditFilter, request: AuditPageRequest): Promise<AuditPage> {
    const page = await this.queries.page(subject, filter, request);
    await this.work.run(() => this.events.append(auditRead(by, lookedFor(filter))));
    return page;
  }
}
