import { Injectable } from '@nestjs/common';
import { SealBroken } from '../../../../platform/crypto/secret-box';
import type { ProvableEvent } from '../../application/seals/logged-events.port';
import type { LoggedEvent } from '../../domain/seals/logged-event';
import { EventMac } from '../event-mac';
import { AddressTag } from '../personal/address-tag';
import { type OpenedFields, PersonalFieldsKeeper } from '../personal/personal-fields-keeper';
import { recordOf, type StoredEvent } from '../stored-event';

export type TaggedEvent = StoredEvent & { readonly ip_tag: number | null };

const RUN = 50;
const BROKEN: OpenedFields = { ipAddress: null, userAgent: null, state: 'broken', salt: null };

/** What is stored beside the record of an event, held against it: mac, box and tag. */
@Injectable()
export class EventChecks {
  constructor(
    private readonly mac: EventMac,
    private readonly personal: PersonalFieldsKeeper,
    private readonly tag: AddressTag,
  ) {}

  /** By its mac alone. */
  authored(row: StoredEvent): LoggedEvent {
    const record = recordOf(row);
    return { record, authorship: this.authorshipOf(row), isSound: true };
  }

  /** In the order of the rows. */
  async checked(rows: readonly TaggedEvent[]): Promise<readonly LoggedEvent[]> {
    const opened = await this.opened(rows);
    const events: LoggedEvent[] = [];
    for (const [index, row] of rows.entries()) {
      // So that others get their turn.
      if (index % RUN === RUN - 1) await new Promise(setImmediate);
      events.push({ ...this.authored(row), isSound: this.isSound(row, opened[index] ?? BROKEN) });
    }
    return events;
  }

  async provable(row: TaggedEvent): Promise<ProvableEvent> {
    const [fields = BROKEN] = await this.opened([row]);
    const { ipAddress, userAgent, salt } = fields;
    const personal = salt === null ? null : { ipAddress, userAgent, salt };
    return { ...this.authored(row), isSound: this.isSound(row, fields), personal };
  }

  private authorshipOf(row: StoredEvent): LoggedEvent['authorship'] {
    if (row.mac === null) return 'unsigned';
    try {
      return this.mac.isOf(recordOf(row), row.mac) ? 'signed' : 'foreign';
    } catch {
      // What has no canonical form was not written by the service.
      return 'foreign';
    }
  }

  /** Of who is erased nobody can tell, and nobody can read. */
  private isSound(row: TaggedEvent, { ipAddress, state }: OpenedFields): boolean {
    if ((row.personal_digest === null) !== (row.personal_box === null) || state === 'broken') return false;
    if (row.personal_digest === null) return row.ip_tag === null;
    return state === 'erased' || row.ip_tag === (ipAddress === null ? null : this.tag.of(ipAddress));
  }

  /** One key that was altered does not keep the others from being looked at. */
  private async opened(rows: readonly TaggedEvent[]): Promise<readonly OpenedFields[]> {
    try {
      return await this.personal.open(rows);
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error;
      if (rows.length === 1) return [BROKEN];
      const halves = [rows.slice(0, rows.length >> 1), rows.slice(rows.length >> 1)];
      return (await Promise.all(halves.map((half) => this.opened(half)))).flat();
    }
  }
}
