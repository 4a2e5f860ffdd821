import { payloadFieldsOf, type Seal, type SealPayload } from '../../domain/seals/seal';
import { JsonFields, MalformedLine } from './json-shapes';

const LEAF_BYTES = 32;

/** A seal as a line of a file, without its end: everything that is needed to check it and its events. */
export function sealLineOf(seal: Seal): string {
  return JSON.stringify({
    ...payloadFieldsOf(seal.payload),
    hash: seal.hash,
    signature: Buffer.from(seal.signature).toString('base64'),
    sequences: seal.sequences,
    leaves: Buffer.concat(seal.leaves).toString('base64'),
    tenants: seal.tenants,
  });
}

/**
 * A seal that only binds the one before to the one behind it, as the line of a file: what it lists is in the file of another
 * month.
 */
export function linkLineOf({ payload, hash, signature }: Seal): string {
  const [sequences, leaves, tenants] = [[], [], {}];
  return sealLineOf({ payload, hash, signature, sequences, leaves, tenants });
}

/** Throws MalformedLine. Whether the seal is good is another question. */
export function readSealLine(line: string): Seal {
  const fields = JsonFields.parse(line);
  return {
    payload: payloadOf(fields),
    hash: fields.text('hash'),
    signature: fields.bytes('signature'),
    sequences: fields.counts('sequences'),
    leaves: leavesOf(fields.bytes('leaves')),
    tenants: fields.countsByName('tenants'),
  };
}

/** What was signed. Throws MalformedLine. */
export function payloadOf(fields: JsonFields): SealPayload {
  if (fields.count('version') !== 1) throw new MalformedLine('The seal is of a version this one does not know');
  return {
    number: fields.count('number'),
    previous: fields.text('previous'),
    month: fields.text('month'),
    firstSequence: fields.count('first_sequence'),
    lastSequence: fields.count('last_sequence'),
    events: fields.count('events'),
    sequencesHash: fields.text('sequences_hash'),
    root: fields.text('root'),
    tenantsHash: fields.text('tenants_hash'),
    foreignSequences: fields.counts('foreign_sequences'),
    unsigned: fields.count('unsigned'),
    sealedAt: fields.text('sealed_at'),
    keyId: fields.hex('key_id'),
  };
}

/** One after the other, 32 bytes each. What is left over at the end is a leaf nobody has. */
export function leavesOf(bytes: Buffer): readonly Buffer[] {
  const count = Math.ceil(bytes.length / LEAF_BYTES);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * LEAF_BYTES, (index + 1) * LEAF_BYTES));
}
