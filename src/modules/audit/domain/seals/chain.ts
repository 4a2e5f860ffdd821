import type { Finding, FindingReason } from './finding';
import { rootOf } from './merkle-tree';
import { hexHashOf, hexOf, type Spelling } from './new-seal';
import { BEFORE_THE_FIRST, type ChainHead, payloadFieldsOf, type Seal, type SealPayload } from './seal';

/** How far a chain has been checked: up to this seal and the last event of it. */
export type Checked = ChainHead & { readonly lastSequence: number };

export const NOTHING_CHECKED: Checked = { ...BEFORE_THE_FIRST, lastSequence: 0 };

/** A sequence is what the database makes it, and its owner may have made any. */
const LOWEST = Number.MIN_SAFE_INTEGER;

export type SealCheck = {
  readonly findings: readonly Finding[];
  /** Whether events can be held to it: what it lists is what its payload says. */
  readonly isComparable: boolean;
  /** Events behind this number and up to the last of the seal are of the seal, or of nothing. */
  readonly behind: number;
  readonly checked: Checked;
};

/** What a key says of a signature; `unknown`: there is no such key of ours. */
export type Verdict = 'good' | 'bad' | 'unknown';

/**
 * `link`: of the seal only its payload is at hand, and nothing of its events is said. So the seals of one month, between
 * which some of another may stand, are still a chain.
 */
export type SealForm = 'whole' | 'link';

/**
 * Checks one seal and that it follows the one before. `before` is null for a seal with which a file begins: then only the
 * seal itself is checked.
 */
export function checkedSeal(
  spelling: Spelling,
  seal: Seal,
  before: Checked | null,
  verdict: (payload: Uint8Array) => Verdict,
  form: SealForm = 'whole',
): SealCheck {
  const { payload } = seal;
  const bytes = spelling.bytesOf(payloadFieldsOf(payload));
  const hash = hexOf(spelling.hash(bytes));
  const isNext = before !== null && payload.number === before.number + 1;
  const begins = before === null ? payload.firstSequence : before.lastSequence + 1;
  const isComparable = form === 'whole' && isWhatItSays(spelling, seal);
  const isIntact = form === 'link' || isComparable;
  const reasons = [
    ...(before !== null && payload.number > before.number + 1 ? (['seal_missing'] as const) : []),
    ...faultsOf({ isIntact, isHashed: hash === seal.hash, verdict: verdict(bytes) }),
    ...(isOutOfLine(seal, before, isNext) ? (['seal_altered'] as const) : []),
  ];
  const findings = [...new Set<FindingReason>(reasons)].map((reason) => ({
    sequence: begins,
    eventId: null,
    seal: reason === 'seal_missing' ? (before?.number ?? 0) + 1 : payload.number,
    reason,
  }));
  return {
    findings,
    isComparable,
    behind: behindOf(payload, before, isNext),
    checked: { number: payload.number, hash, lastSequence: payload.lastSequence },
  };
}

/** Of the first seal is everything below its end; of one behind a gap, nothing before its first event. */
function behindOf(payload: SealPayload, before: Checked | null, isNext: boolean): number {
  if (payload.number === 1) return LOWEST;
  return isNext && before !== null ? before.lastSequence : payload.firstSequence - 1;
}

type Facts = { readonly isIntact: boolean; readonly isHashed: boolean; readonly verdict: Verdict };

function faultsOf({ isIntact, isHashed, verdict }: Facts): readonly FindingReason[] {
  if (verdict === 'unknown') return ['key_unknown'];
  return verdict === 'bad' || !isIntact || !isHashed ? ['seal_altered'] : [];
}

/** Behind a gap it cannot be said what the seal before was. */
function isOutOfLine({ payload }: Seal, before: Checked | null, isNext: boolean): boolean {
  if (before === null) return false;
  if (payload.number <= before.number || payload.firstSequence <= before.lastSequence) return true;
  return isNext && payload.previous !== before.hash;
}

/** Whether sequences, leaves and counts are those that were signed. */
function isWhatItSays(spelling: Spelling, { payload, sequences, leaves, tenants }: Seal): boolean {
  return (
    payload.events === sequences.length &&
    payload.events === leaves.length &&
    payload.firstSequence === sequences[0] &&
    payload.lastSequence === sequences.at(-1) &&
    sequences.every((sequence, index) => index === 0 || sequence > (sequences[index - 1] ?? sequence)) &&
    payload.sequencesHash === hexHashOf(spelling, sequences) &&
    payload.tenantsHash === hexHashOf(spelling, tenants) &&
    payload.root === hexOf(rootOf(spelling.hash, leaves))
  );
}
