/** What is signed of a seal. Hashes are in lower-case hex; what they are of is kept beside the payload. */
export type SealPayload = {
  /** 1, 2, …, without gaps. */
  readonly number: number;
  /** The hash of the seal before; of the first, 64 zeros. */
  readonly previous: string;
  /** The first day of the month (UTC) of all its events: `2026-01-01`. */
  readonly month: string;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly events: number;
  /** Of the canonical JSON of the sequences: which events are sealed is sealed too. */
  readonly sequencesHash: string;
  /** The head of the Merkle tree over the leaves. */
  readonly root: string;
  /** Of the canonical JSON of the counts: a seal is shown to a tenant without telling of the others. */
  readonly tenantsHash: string;
  /** Events the service did not write as they are. */
  readonly foreignSequences: readonly number[];
  /** Events that carry no sign of who wrote them: of versions before. */
  readonly unsigned: number;
  /** ISO 8601, UTC. */
  readonly sealedAt: string;
  readonly keyId: string;
};

/** Events per tenant id; those of no tenant are under ''. */
export type TenantCounts = Readonly<Record<string, number>>;

/** A batch of committed events in their order, bound to the one before and signed. */
export type Seal = {
  readonly payload: SealPayload;
  /** SHA-256 of the canonical payload, in hex. */
  readonly hash: string;
  /** Ed25519 over the canonical payload. */
  readonly signature: Uint8Array;
  readonly sequences: readonly number[];
  /** In the order of the sequences. */
  readonly leaves: readonly Uint8Array[];
  readonly tenants: TenantCounts;
};

/** The newest of a chain, and with it all of it. */
export type ChainHead = { readonly number: number; readonly hash: string };

export const BEFORE_THE_FIRST: ChainHead = { number: 0, hash: '0'.repeat(64) };

const VERSION = 1;

/** In the names of the contract. Of this the canonical JSON is hashed and signed. */
export function payloadFieldsOf(payload: SealPayload): Readonly<Record<string, unknown>> {
  return {
    version: VERSION,
    number: payload.number,
    previous: payload.previous,
    month: payload.month,
    first_sequence: payload.firstSequence,
    last_sequence: payload.lastSequence,
    events: payload.events,
    sequences_hash: payload.sequencesHash,
    root: payload.root,
    tenants_hash: payload.tenantsHash,
    foreign_sequences: payload.foreignSequences,
    unsigned: payload.unsigned,
    sealed_at: payload.sealedAt,
    key_id: payload.keyId,
  };
}
