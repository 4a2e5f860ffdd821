import type { Finding, FindingReason } from './finding';
import { type LoggedEvent, sequenceOf } from './logged-event';
import { isSame } from './merkle-tree';
import { couldAcceptUnsigned, type FirstSeal, leafOf, type Spelling } from './new-seal';
import type { Seal } from './seal';

/** Beyond so many wrong places it is not asked any more which of them belongs to which. */
const MOST_TO_MATCH = 64;

/** A finding, and the event it was found at. */
export type FoundAt = Finding & { readonly tenantId: string | null };

/** Whether all events of the seal's range are there, or only some: then nothing can be said of those that are not. */
export type Extent = 'whole' | 'part';

/** Where a seal stands: what the first of its chain says of the time before macs; null: that is not at hand. */
export type Standing = { readonly extent: Extent; readonly first: FirstSeal | null };

/** Holds events to their seal. `found` are those whose numbers are in the range of the seal, in any order. */
export function comparedWith(
  spelling: Spelling,
  seal: Seal,
  found: readonly LoggedEvent[],
  { extent, first }: Standing,
): readonly FoundAt[] {
  const takesUnsigned = couldAcceptUnsigned(seal.payload, first);
  const places = new Map(seal.sequences.map((sequence, index) => [sequence, index]));
  const right = new Set<number>();
  const wrong: LoggedEvent[] = [];
  const findings: FoundAt[] = [];
  const say = (event: LoggedEvent, reason: FindingReason): number => findings.push(foundAt(seal, event, reason));

  for (const event of found) {
    const index = places.get(sequenceOf(event));
    if (index === undefined) say(event, 'inserted');
    else if (!right.has(index) && isLeaf(seal, index, leafOf(spelling, event.record))) {
      right.add(index);
      const reason = faultBeside(seal, event, takesUnsigned);
      if (reason) say(event, reason);
    } else wrong.push(event);
  }

  const taken = new Set(wrong.map(sequenceOf));
  const empty = seal.sequences.filter((sequence, index) => !right.has(index) && !taken.has(sequence));
  const misplaced = misplacedAmong(spelling, seal, wrong, empty);
  const blamed = new Set<number>();
  for (const event of wrong) {
    const sequence = sequenceOf(event);
    const isSecond = right.has(places.get(sequence) ?? -1) || blamed.has(sequence);
    blamed.add(sequence);
    say(event, isSecond ? 'inserted' : misplaced.has(event) ? 'reordered' : 'altered');
  }
  if (extent === 'part') return findings;
  for (const sequence of empty) {
    findings.push({ sequence, eventId: null, tenantId: null, seal: seal.payload.number, reason: 'missing' });
  }
  const tooMany = beyondUnsigned(seal, found);
  return tooMany ? [...findings, foundAt(seal, tooMany, 'altered')] : findings;
}

/** What the leaf does not cover: who wrote the event, and what is stored beside it. */
function faultBeside(seal: Seal, event: LoggedEvent, takesUnsigned: boolean): FindingReason | null {
  const { foreignSequences, unsigned } = seal.payload;
  if (foreignSequences.includes(sequenceOf(event))) return 'inserted';
  // It was taken for one of a version before, long after there was none.
  if (event.authorship === 'unsigned' && unsigned > 0 && !takesUnsigned) return 'inserted';
  if (event.authorship === 'foreign' || (event.authorship === 'unsigned' && unsigned === 0)) return 'altered';
  return event.isSound ? null : 'altered';
}

/** More events without a mac than were sealed without one: one at least has lost it. Which, nobody can tell. */
function beyondUnsigned({ payload }: Seal, found: readonly LoggedEvent[]): LoggedEvent | undefined {
  if (payload.unsigned === 0) return undefined;
  const without = found.filter(
    (event) => event.authorship === 'unsigned' && !payload.foreignSequences.includes(sequenceOf(event)),
  );
  return without.length > payload.unsigned ? without[0] : undefined;
}

/** Those that would be right at another of the places where something is wrong. */
function misplacedAmong(
  spelling: Spelling,
  seal: Seal,
  wrong: readonly LoggedEvent[],
  empty: readonly number[],
): ReadonlySet<LoggedEvent> {
  const open = [...new Set([...wrong.map(sequenceOf), ...empty])];
  if (open.length > MOST_TO_MATCH || wrong.length > MOST_TO_MATCH) return new Set();
  const places = open.map((sequence) => ({ sequence, index: seal.sequences.indexOf(sequence) }));
  const belongs = ({ record }: LoggedEvent): boolean =>
    places.some(({ sequence, index }) =>
      isLeaf(seal, index, leafOf(spelling, { ...record, sequence: String(sequence) })),
    );
  return new Set(wrong.filter(belongs));
}

function isLeaf({ leaves }: Seal, index: number, leaf: Uint8Array): boolean {
  const sealed = leaves[index];
  return sealed !== undefined && isSame(sealed, leaf);
}

export function foundAt(seal: Pick<Seal, 'payload'>, event: LoggedEvent, reason: FindingReason): FoundAt {
  const { id, tenantId } = event.record;
  return { sequence: sequenceOf(event), eventId: id, tenantId, seal: seal.payload.number, reason };
}
