import { sealedFieldsOf, type NumberedRecord } from '../event-record';
import { type LoggedEvent, monthOf, sequenceOf, tenantOf } from './logged-event';
import { type Hash, leafHashOf, rootOf } from './merkle-tree';
import type { ChainHead, Seal, SealPayload, TenantCounts } from './seal';

/** How things become bytes and bytes become hashes: SHA-256, canonical JSON (RFC 8785) in UTF-8. */
export type Spelling = {
  readonly hash: Hash;
  readonly bytesOf: (value: unknown) => Uint8Array;
};

export const MOST_EVENTS = 1000;

/** The first events that one seal may hold: no more than it takes, and of one month. */
export function firstBatchOf(events: readonly LoggedEvent[], most = MOST_EVENTS): readonly LoggedEvent[] {
  const [first] = events;
  if (first === undefined) return [];
  const month = monthOf(first);
  const other = events.findIndex((event) => monthOf(event) !== month);
  return events.slice(0, Math.min(most, other === -1 ? events.length : other));
}

/** The leaf of an event in the tree of its seal. */
export function leafOf({ hash, bytesOf }: Spelling, record: NumberedRecord): Uint8Array {
  return leafHashOf(hash, bytesOf(sealedFieldsOf(record)));
}

export type Sealing = {
  readonly after: ChainHead;
  readonly sealedAt: Date;
  readonly keyId: string;
  /** Whether events without a mac are of a version before, and not of somebody else. */
  readonly acceptsUnsigned: boolean;
};

/** All of a seal but what is made of its payload. The batch has at least one event and is in order. */
export type UnsignedSeal = Omit<Seal, 'hash' | 'signature'>;

export function newSealOf(spelling: Spelling, batch: readonly LoggedEvent[], sealing: Sealing): UnsignedSeal {
  const { after, sealedAt, keyId, acceptsUnsigned } = sealing;
  const [first, last] = [batch[0], batch.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('There is nothing to seal');
  const sequences = batch.map(sequenceOf);
  const leaves = batch.map(({ record }) => leafOf(spelling, record));
  const tenants = tenantCountsOf(batch);
  const isForeign = ({ authorship }: LoggedEvent): boolean =>
    authorship === 'foreign' || (authorship === 'unsigned' && !acceptsUnsigned);
  const payload: SealPayload = {
    number: after.number + 1,
    previous: after.hash,
    month: monthOf(first),
    firstSequence: sequenceOf(first),
    lastSequence: sequenceOf(last),
    events: batch.length,
    sequencesHash: hexHashOf(spelling, sequences),
    root: hexOf(rootOf(spelling.hash, leaves)),
    tenantsHash: hexHashOf(spelling, tenants),
    foreignSequences: batch.filter(isForeign).map(sequenceOf),
    unsigned: acceptsUnsigned ? batch.filter(({ authorship }) => authorship === 'unsigned').length : 0,
    sealedAt: sealedAt.toISOString(),
    keyId,
  };
  return { payload, sequences, leaves, tenants };
}

/** SHA-256 of the canonical JSON, in hex. */
export function hexHashOf({ hash, bytesOf }: Spelling, value: unknown): string {
  return hexOf(hash(bytesOf(value)));
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const DAY_MS = 86_400_000;

/** What the first seal says of the time before macs. */
export type FirstSeal = Pick<SealPayload, 'unsigned' | 'sealedAt'>;

/** In the place of a first seal that cannot be believed: nothing is excused by it. */
export const NO_VERSION_BEFORE: FirstSeal = { unsigned: 0, sealedAt: new Date(0).toISOString() };

/**
 * Events without a mac are of a version before while nothing is sealed; and for a day from then on, where there were such,
 * for processes of that version may still be at work.
 */
export function acceptsUnsigned(first: FirstSeal | null, now: Date): boolean {
  if (first === null) return true;
  return first.unsigned > 0 && now.getTime() - new Date(first.sealedAt).getTime() < DAY_MS;
}

/** Whether a seal could have taken events without a mac for those of a version before, when it was made. */
export function couldAcceptUnsigned({ number, sealedAt }: SealPayload, first: FirstSeal | null): boolean {
  return number === 1 || acceptsUnsigned(first, new Date(sealedAt));
}

function tenantCountsOf(batch: readonly LoggedEvent[]): TenantCounts {
  const counts = new Map<string, number>();
  for (const event of batch) counts.set(tenantOf(event), (counts.get(tenantOf(event)) ?? 0) + 1);
  return Object.fromEntries(counts);
}
