import { Injectable } from '@nestjs/common';
import type { ProvableEvent } from '../../application/seals/logged-events.port';
import { personOf } from '../../domain/personal-fields';
import type { LoggedEvent } from '../../domain/seals/logged-event';
import { EventMac } from '../event-mac';
import { AddressTag, type TagOf } from '../personal/address-tag';
import { type OpenedFields, PersonalFieldsKeeper } from '../personal/personal-fields-keeper';
import { recordOf, type StoredEvent } from '../stored-event';
import { ErasuresOnRecord } from './erasures-on-record';

export type TaggedEvent = StoredEvent & { readonly ip_tag: number | null };

/** What the personal fields of events are held against. */
type Known = { readonly tagOf: TagOf; readonly erased: ReadonlySet<string> };

/** Events that are looked at before others get their turn. */
const RUN = 50;
const BROKEN: OpenedFields = { ipAddress: null, userAgent: null, state: 'broken', salt: null };

/** What is stored beside the record of an event, held against it: mac, box and tag. */
@Injectable()
export class EventChecks {
  constructor(
    private readonly mac: EventMac,
    private readonly personal: PersonalFieldsKeeper,
    private readonly tag: AddressTag,
    private readonly erasures: ErasuresOnRecord,
  ) {}

  /** By its mac alone. */
  async authored(row: StoredEvent): Promise<LoggedEvent> {
    return { record: recordOf(row), authorship: await this.authorshipOf(row), isSound: true };
  }

  /** In the order of the rows. */
  async checked(rows: readonly TaggedEvent[]): Promise<readonly LoggedEvent[]> {
    const opened = await this.personal.open(rows);
    const known = await this.known(rows, opened);
    const events: LoggedEvent[] = [];
    for (const [index, row] of rows.entries()) {
      if (index % RUN === RUN - 1) await new Promise(setImmediate);
      events.push({ ...(await this.authored(row)), isSound: isSound(row, opened[index] ?? BROKEN, known) });
    }
    return events;
  }

  async provable(row: TaggedEvent): Promise<ProvableEvent> {
    const [fields = BROKEN] = await this.personal.open([row]);
    const { ipAddress, userAgent, salt } = fields;
    const personal = salt === null ? null : { ipAddress, userAgent, salt };
    const known = await this.known([row], [fields]);
    return { ...(await this.authored(row)), isSound: isSound(row, fields, known), personal };
  }

  private async authorshipOf(row: StoredEvent): Promise<LoggedEvent['authorship']> {
    if (row.mac === null) return 'unsigned';
    return (await this.mac.isOf(recordOf(row), row.mac)) ? 'signed' : 'foreign';
  }

  private async known(rows: readonly TaggedEvent[], opened: readonly OpenedFields[]): Promise<Known> {
    const gone = rows.filter((_row, index) => opened[index]?.state === 'erased').map((row) => personOfRow(row));
    const persons = [...new Set(gone.filter((person) => person !== null))];
    return { tagOf: await this.tag.tagger(), erased: await this.erasures.of(persons) };
  }
}

/** Of who is erased nobody can tell, and nobody can read. */
function isSound(row: TaggedEvent, { ipAddress, state }: OpenedFields, { tagOf, erased }: Known): boolean {
  if ((row.personal_digest === null) !== (row.personal_box === null) || state === 'broken') return false;
  if (row.personal_digest === null) return row.ip_tag === null;
  if (state === 'erased') return erased.has(personOfRow(row) ?? '');
  return row.ip_tag === (ipAddress === null ? null : tagOf(ipAddress));
}

function personOfRow({ actor_id: actorId, user_id: userId }: StoredEvent): string | null {
  return personOf({ actorId, userId });
}
