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

/** The lowest number first; of the same number, the one that was found first. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((one, other) => one.sequence - other.sequence);
}
