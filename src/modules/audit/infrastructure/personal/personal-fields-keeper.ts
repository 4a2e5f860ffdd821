import { Injectable } from '@nestjs/common';
import { NONCE_BYTES } from '../../../../platform/crypto/aes-gcm';
import { Random } from '../../../../platform/crypto/random';
import { PersonKeys } from '../../application/person-keys.port';
import { hasPersonalFields, NO_PERSONAL_FIELDS, personOf, type PersonalFields } from '../../domain/personal-fields';
import { AddressTag } from './address-tag';
import { boxed, saltOf, unboxed } from './personal-box';

/** How the personal fields of an event are stored: in the clear, or in the box of their person. */
export type KeptFields = {
  readonly clear: PersonalFields;
  readonly box: Buffer | null;
  readonly digest: Buffer | null;
  readonly ipTag: number | null;
};

/** What of a stored event says whose fields it holds, and holds them. */
export type BoxedEvent = {
  readonly id: string;
  readonly actor_id: string | null;
  readonly user_id: string | null;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
  readonly personal_box: Buffer | null;
  readonly personal_digest: Buffer | null;
};

/** With the seed of the person's key beside it; empty: it is destroyed, null: there is none. */
export type SeededEvent = BoxedEvent & { readonly person_seed: Buffer | null };

/**
 * `erased`: their person is gone, and the fields with them. `broken`: they are not what was stored. `salt` shows that the
 * fields are those committed to.
 */
export type OpenedFields = PersonalFields & {
  readonly state: 'open' | 'erased' | 'broken';
  readonly salt: Buffer | null;
};

type Event = {
  readonly id: string;
  readonly actorId: string | null;
  readonly userId: string | null;
} & PersonalFields;

/** Addresses and agents in the log: kept so that they go when their person does, and the seals stay whole. */
@Injectable()
export class PersonalFieldsKeeper {
  constructor(
    private readonly keys: PersonKeys,
    private readonly random: Random,
    private readonly tag: AddressTag,
  ) {}

  /** Within the event's unit of work. What would be of an erased person is not kept. */
  async keep(event: Event): Promise<KeptFields> {
    const person = personOf(event);
    const fields = { ipAddress: event.ipAddress, userAgent: event.userAgent };
    const open = { clear: NO_PERSONAL_FIELDS, box: null, digest: null, ipTag: null };
    if (!hasPersonalFields(fields)) return open;
    const key = await this.keys.toSeal(person);
    if (person === null) return { ...open, clear: fields };
    const kept = key && boxed(fields, key, event.id, this.random.bytes(NONCE_BYTES));
    const tagOf = await this.tag.tagger();
    const ipTag = kept && fields.ipAddress !== null ? tagOf(fields.ipAddress) : null;
    return kept === null ? open : { ...open, ...kept, ipTag };
  }

  /** In the order of the events. */
  async open(events: readonly BoxedEvent[]): Promise<readonly OpenedFields[]> {
    const persons = events.filter((event) => event.personal_box !== null).map((event) => personOfStored(event));
    const keys = await this.keys.toOpen([...new Set(persons.filter((person) => person !== null))]);
    return events.map((event) => openedWith(keys, event));
  }

  /** As `open`, of events that were read with their seeds. */
  async openSeeded(events: readonly SeededEvent[]): Promise<readonly OpenedFields[]> {
    const seeds = events.flatMap((event): [string, Buffer | null][] => {
      const [person, seed] = [personOfStored(event), event.person_seed];
      return person === null || seed === null ? [] : [[person, seed.length === 0 ? null : seed]];
    });
    const keys = await this.keys.ofSeeds(new Map(seeds));
    return events.map((event) => openedWith(keys, event));
  }
}

function personOfStored({ actor_id: actorId, user_id: userId }: BoxedEvent): string | null {
  return personOf({ actorId, userId });
}

function openedWith(keys: ReadonlyMap<string, Buffer | null>, event: BoxedEvent): OpenedFields {
  const { personal_box: box, personal_digest: digest, ip_address: ipAddress, user_agent: userAgent } = event;
  if (box === null || digest === null) return { ipAddress, userAgent, state: 'open', salt: null };
  const key = keys.get(personOfStored(event) ?? '');
  if (key === null) return { ...NO_PERSONAL_FIELDS, state: 'erased', salt: null };
  if (key === undefined) return { ...NO_PERSONAL_FIELDS, state: 'broken', salt: null };
  try {
    return { ...unboxed({ box, digest }, key, event.id), state: 'open', salt: saltOf(key, event.id) };
  } catch {
    return { ...NO_PERSONAL_FIELDS, state: 'broken', salt: null };
  }
}
