import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work';
import { EventLog } from '../../../../platform/events/event-log';
import { auditArchived } from '../../audit.events';
import { type ArchiveRecord, archiveFieldsOf } from '../../domain/seals/archive-record';
import { AuditKeys } from '../seals/audit-keys.port';
import { SPELLING } from '../seals/spelling';
import { ArchiveRecords } from './archive-records.port';
import { LoggedMonths } from './logged-months.port';
import type { WrittenMonth } from './write-month';

/** Removes the events of a month that is whole in its file: with the signed record of it, and its own event, or not at all. */
@Injectable()
export class RemoveMonth {
  constructor(
    private readonly months: LoggedMonths,
    private readonly records: ArchiveRecords,
    private readonly keys: AuditKeys,
    private readonly events: EventLog,
    private readonly work: UnitOfWork,
  ) {}

  /** Throws MonthGrew. */
  execute({ month, events, lastSeal: throughSeal, lastSequence, file }: WrittenMonth): Promise<void> {
    return this.work.runAlone('audit-months', async (now) => {
      await this.months.remove(month, lastSequence);
      const key = await this.keys.toSign();
      const record: ArchiveRecord = {
        ...{ month, throughSeal, events, fileSha256: file.fileSha256 },
        ...{ archivedAt: now.toISOString(), keyId: key.id },
      };
      await this.records.add(record, key.sign(SPELLING.bytesOf(archiveFieldsOf(record))));
      await this.events.append(auditArchived(record));
    });
  }
}
