import {
  type Checked,
  checkedSeal,
  NOTHING_CHECKED,
  type SealCheck,
  type SealForm,
  type Verdict,
} from '../../domain/seals/chain';
import { comparedWith, type Extent } from '../../domain/seals/compare';
import { type Finding, Findings } from '../../domain/seals/finding';
import { type LoggedEvent, sequenceOf } from '../../domain/seals/logged-event';
import { type FirstSeal, NO_VERSION_BEFORE } from '../../domain/seals/new-seal';
import type { ChainHead, Seal } from '../../domain/seals/seal';
import { SPELLING } from './spelling';

/** Seals and events as they come out of files, each in their order. */
export type FiledLog = {
  readonly seals: AsyncIterable<Seal>;
  readonly events: AsyncIterable<LoggedEvent>;
};

export type HeldTogether = {
  /** The first of them, by their number. */
  readonly findings: readonly Finding[];
  /** How many more there were. */
  readonly omitted: number;
  /** Seals with their events; those that are but links are not counted. */
  readonly seals: number;
  readonly events: number;
  /** The events behind the last seal: nothing is known of them. */
  readonly unsealed: number;
  /** The last one of any; null: there is none. */
  readonly lastSequence: number | null;
  /** The last seal with its events; 0: there is none. */
  readonly lastSeal: number;
  /** The number its events end at; 0: there is none. */
  readonly lastSealed: number;
  /** Where the chain of the file begins and ends, links too; the hashes are those of what was signed. null: it is empty. */
  readonly chain: { readonly first: ChainHead; readonly last: ChainHead } | null;
};

type VerdictOf = (seal: Seal, payload: Uint8Array) => Verdict;

/** Holds events to their seals with nothing but what is in files. Throws what reading them throws. */
export async function heldTogether(
  { seals, events }: FiledLog,
  extent: Extent,
  verdictOf: VerdictOf,
): Promise<HeldTogether> {
  const ahead = new Ahead(events[Symbol.asyncIterator]());
  const months = new MonthsOfFile();
  const findings = new Findings();
  let chain = null as HeldTogether['chain'];
  const counted = { seals: 0, events: 0, lastSeal: 0, lastSealed: 0 };
  let before: Checked | null = null;
  let first: FirstSeal | null = null;
  for await (const seal of seals) {
    const form = months.formOf(seal);
    // A file of an archive begins in the middle of the chain.
    before ??= seal.payload.number === 1 ? NOTHING_CHECKED : null;
    const check: SealCheck = checkedSeal(SPELLING, seal, before, (bytes) => verdictOf(seal, bytes), form);
    findings.add(check.findings);
    before = check.checked;
    const head: ChainHead = { number: check.checked.number, hash: check.checked.hash };
    chain = { first: chain === null ? head : chain.first, last: head };
    if (seal.payload.number === 1) first = check.findings.length === 0 ? seal.payload : NO_VERSION_BEFORE;
    if (form === 'link') continue;
    const found = await ahead.through(seal.payload.lastSequence);
    if (check.isComparable) findings.add(comparedWith(SPELLING, seal, found, { extent, first }).map(withoutTenant));
    counted.seals += 1;
    counted.events += found.length;
    counted.lastSeal = seal.payload.number;
    counted.lastSealed = seal.payload.lastSequence;
  }
  const { listed, count } = findings;
  const unsealed = await ahead.rest();
  return { findings: listed, omitted: count - listed.length, ...counted, chain, unsealed, lastSequence: ahead.last };
}

/**
 * A file with the seals of one month may hold those in between, of others, as links: a seal without what it lists. Where
 * seals of several months stand whole there are none, for a link would hide events that are gone.
 */
class MonthsOfFile {
  private readonly whole = new Set<string>();

  formOf({ payload, sequences }: Seal): SealForm {
    const isBare = sequences.length === 0 && payload.events > 0;
    const isAnothers = this.whole.size === 1 && !this.whole.has(payload.month);
    if (isBare && isAnothers) return 'link';
    this.whole.add(payload.month);
    return 'whole';
  }
}

function withoutTenant({ sequence, eventId, seal, reason }: Finding): Finding {
  return { sequence, eventId, seal, reason };
}

/** Events up to a number, from a file in which they are in order. */
class Ahead {
  last: number | null = null;
  private waiting: LoggedEvent | null = null;

  constructor(private readonly events: AsyncIterator<LoggedEvent, unknown>) {}

  async through(sequence: number): Promise<readonly LoggedEvent[]> {
    const found: LoggedEvent[] = [];
    for (;;) {
      const event = this.waiting ?? (await this.next());
      this.waiting = event;
      if (event === null || sequenceOf(event) > sequence) return found;
      this.waiting = null;
      this.last = sequenceOf(event);
      found.push(event);
    }
  }

  async rest(): Promise<number> {
    let count = 0;
    for (let event = this.waiting ?? (await this.next()); event !== null; event = await this.next()) {
      this.last = sequenceOf(event);
      count += 1;
    }
    return count;
  }

  private async next(): Promise<LoggedEvent | null> {
    const next = await this.events.next();
    return next.done === true ? null : next.value;
  }
}
