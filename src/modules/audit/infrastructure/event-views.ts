import { Injectable } from '@nestjs/common';
import type { AuditEventView } from '../application/audit-queries';
import { type OpenedFields, PersonalFieldsKeeper, type SeededEvent } from './personal/personal-fields-keeper';
import { recordOf, type StoredEvent } from './stored-event';

export type SeededRow = StoredEvent & SeededEvent;

/** Events as they are shown: with the personal fields of persons who are not erased. */
@Injectable()
export class EventViews {
  constructor(private readonly personal: PersonalFieldsKeeper) {}

  /** In the order of the rows. */
  async of(rows: readonly StoredEvent[]): Promise<AuditEventView[]> {
    return viewsOf(rows, await this.personal.open(rows));
  }

  /** The same, of rows that were read with the seeds of their persons. */
  async ofSeeded(rows: readonly SeededRow[]): Promise<AuditEventView[]> {
    return viewsOf(rows, await this.personal.openSeeded(rows));
  }
}

function viewsOf(rows: readonly StoredEvent[], opened: readonly OpenedFields[]): AuditEventView[] {
  return rows.map((row, index) => {
    const { outcome } = row;
    const { ipAddress = null, userAgent = null, salt = null } = opened[index] ?? {};
    const { personal, ...record } = recordOf(row);
    return { ...record, outcome, ipAddress, userAgent, personalDigest: personal, personalSalt: salt };
  });
}
