import { Injectable } from '@nestjs/common';
import type { AuditEventView } from '../application/audit-queries';
import { PersonalFieldsKeeper } from './personal/personal-fields-keeper';
import { recordOf, type StoredEvent } from './stored-event';

/** Events as they are shown: with the personal fields of persons who are not erased. */
@Injectable()
export class EventViews {
  constructor(private readonly personal: PersonalFieldsKeeper) {}

  /** In the order of the rows. */
  async of(rows: readonly StoredEvent[]): Promise<AuditEventView[]> {
    const opened = await this.personal.open(rows);
    return rows.map((row, index) => {
      const { outcome } = row;
      const { ipAddress = null, userAgent = null, salt = null } = opened[index] ?? {};
      const { personal, ...record } = recordOf(row);
      return { ...record, outcome, ipAddress, userAgent, personalDigest: personal, personalSalt: salt };
    });
  }
}
