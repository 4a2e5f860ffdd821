import { Injectable } from '@nestjs/common';
import { Database } from '../../../../platform/database/database';
import { EventMac } from '../event-mac';
import { recordOf, STORED_EVENT, type StoredEvent } from '../stored-event';

/** Where an erasure is told of at the instant at which the key went. */
const ERASURES = `SELECT ${STORED_EVENT} FROM (
    SELECT event.* FROM audit_person_keys AS key
    JOIN audit_events AS event ON event.user_id = key.user_id AND event.occurred_at = key.destroyed_at
    WHERE key.user_id = ANY ($1) AND event.action = 'user.deleted' AND event.outcome = 'success'
      AND event.details ->> 'scope' = 'account') AS erasure`;

/** Where that month is in files, which are held to the same seals. */
const ARCHIVED = `SELECT key.user_id FROM audit_person_keys AS key
  JOIN audit_archives AS archive ON archive.month = date_trunc('month', key.destroyed_at AT TIME ZONE 'UTC')::date
  WHERE key.user_id = ANY ($1)`;

/** Whether who seems erased was: the log tells of it, or the key of their addresses was taken away by somebody else. */
@Injectable()
export class ErasuresOnRecord {
  constructor(
    private readonly database: Database,
    private readonly mac: EventMac,
  ) {}

  /** Those of the persons whose erasure the service put on record, or whose month of it is archived. */
  async of(persons: readonly string[]): Promise<ReadonlySet<string>> {
    if (persons.length === 0) return new Set();
    const { reader } = this.database.acrossTenants;
    const told = await reader.query<StoredEvent[]>(ERASURES, [persons]);
    const archived = await reader.query<{ user_id: string }[]>(ARCHIVED, [persons]);
    const found = new Set(archived.map(({ user_id: person }) => person));
    for (const row of told) {
      if (row.user_id !== null && row.mac !== null && (await this.mac.isOf(recordOf(row), row.mac))) {
        found.add(row.user_id);
      }
    }
    return found;
  }
}
