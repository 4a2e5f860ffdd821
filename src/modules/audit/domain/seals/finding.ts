/**
 * What is wrong with an event, or with a seal. `altered`: it is not as it was sealed. `missing`: it was sealed and is gone.
 * `inserted`: it was put where none was, or was not written by the service. `reordered`: it is the one of another place of its
 * seal. `seal_missing`: a seal is gone, or the chain is not the one that was known. `key_unknown`: signed by no key of ours.
 */
export type FindingReason =
  'altered' | 'missing' | 'inserted' | 'reordered' | 'seal_altered' | 'seal_missing' | 'key_unknown';

export type Finding = {
  /** Of the event; of a seal, the number its events begin at. */
  readonly sequence: number;
  readonly eventId: string | null;
  readonly seal: number | null;
  readonly reason: FindingReason;
};

/** Whoever altered more has altered too much to be listed, and is not to fill the memory with it. */
export const MOST_LISTED = 100;

/** What is wrong with a log, as it is met: all of it is counted, and the first by number are kept. */
export class Findings {
  private kept: readonly Finding[] = [];
  private met = 0;

  add(more: readonly Finding[]): void {
    if (more.length === 0) return;
    this.met += more.length;
    this.kept = inOrder([...this.kept, ...more]).slice(0, MOST_LISTED);
  }

  /** The lowest number first; of the same number, the one that was met first. */
  get listed(): readonly Finding[] {
    return this.kept;
  }

  /** How many there are, listed or not. */
  get count(): number {
    return this.met;
  }
}

function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((one, other) => one.sequence - other.sequence);
}
