import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, Matches } from 'class-validator';
import type { EventProof } from '../application/seals/prove-event';
import type { NewestSeal } from '../application/seals/seals.port';
import type { Verification } from '../application/seals/verify-audit-log';
import { sealedFieldsOf } from '../domain/event-record';
import type { Finding, FindingReason } from '../domain/seals/finding';
import { hexOf } from '../domain/seals/new-seal';
import { payloadFieldsOf } from '../domain/seals/seal';

const REASONS: readonly FindingReason[] = [
  'altered',
  'missing',
  'inserted',
  'reordered',
  'seal_altered',
  'seal_missing',
  'key_unknown',
];

export class VerifyQuery {
  /** `next_seal` of the answer before: where to go on. */
  @ApiProperty({ type: 'integer', minimum: 0, required: false })
  @IsOptional()
  @IsString()
  @Matches(/^(0|[1-9]\d{0,14})$/)
  after_seal?: string;
}

export class LastSealResponse {
  @ApiProperty({ type: 'integer' })
  number!: number;
  /** SHA-256 of what is signed, in hex. Whoever notes it can tell later whether anything before it was changed. */
  hash!: string;
  sealed_at!: string;
  /** The key it is signed with. */
  key_id!: string;

  static from({ number, hash, sealedAt, keyId }: NewestSeal): LastSealResponse {
    return Object.assign(new LastSealResponse(), { number, hash, sealed_at: sealedAt, key_id: keyId });
  }
}

export class FindingResponse {
  /** Of the event; of a seal, the number its events begin at. */
  @ApiProperty({ type: 'integer' })
  sequence!: number;
  event_id!: string | null;
  /** Which seal. */
  @ApiProperty({ type: 'integer', nullable: true })
  seal!: number | null;
  @ApiProperty({ enum: REASONS })
  reason!: FindingReason;

  static from({ sequence, eventId, seal, reason }: Finding): FindingResponse {
    return Object.assign(new FindingResponse(), { sequence, event_id: eventId, seal, reason });
  }
}

export class VerificationResponse {
  /** Everything was looked at, from the first seal on, and nothing is wrong. */
  verified!: boolean;
  /** How many events were looked at. */
  @ApiProperty({ type: 'integer' })
  events!: number;
  /** The newest seal; null while nothing is sealed. */
  last_seal!: LastSealResponse | null;
  /** What is wrong, at the lowest number; null: nothing was found. */
  first_bad!: FindingResponse | null;
  /** How many things are wrong in what was looked at. */
  @ApiProperty({ type: 'integer' })
  findings!: number;
  /** Events that could not be sealed: somebody still writes, or keeps the log from being sealed. */
  @ApiProperty({ type: 'integer' })
  unsealed!: number;
  /** Behind which seal it began; 0: at the first. */
  @ApiProperty({ type: 'integer' })
  from_seal!: number;
  /** false: the time was over, or not all is sealed. Ask again with `after_seal`. */
  complete!: boolean;
  /** Behind which seal to go on; null when it is complete. */
  @ApiProperty({ type: 'integer', nullable: true })
  next_seal!: number | null;

  static from(verification: Verification): VerificationResponse {
    const { verified, events, lastSeal, findings, found, unsealed, fromSeal, complete, nextSeal } = verification;
    const [first] = findings;
    return Object.assign(new VerificationResponse(), {
      verified,
      events,
      last_seal: lastSeal && LastSealResponse.from(lastSeal),
      first_bad: first ? FindingResponse.from(first) : null,
      findings: found,
      unsealed,
      from_seal: fromSeal,
      complete,
      next_seal: nextSeal,
    });
  }
}

export class ProvenPersonResponse {
  ip_address!: string | null;
  user_agent!: string | null;
  /** Base64. `personal` of the event is HMAC-SHA-256 with it over the canonical JSON of the two fields above. */
  salt!: string;
}

export class ProofResponse {
  /** As it was sealed: its canonical JSON (RFC 8785) behind a zero byte, hashed with SHA-256, is its leaf. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  event!: Record<string, unknown>;
  /** Address and agent; null where the event has none, or who they are of is erased. */
  personal!: ProvenPersonResponse | null;
  /** What is signed: its canonical JSON. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  seal!: Record<string, unknown>;
  /** Ed25519, in base64. */
  signature!: string;
  /** Where the leaf stands in the tree of the seal. */
  @ApiProperty({ type: 'integer', minimum: 0 })
  leaf_index!: number;
  /** In hex, from the bottom up (RFC 9162, 2.1.3). */
  path!: string[];
  /** PEM; null where the key is none of this service. Compare it with one you have from elsewhere. */
  public_key!: string | null;

  static from({ event: { record, personal }, seal, leafIndex, path, publicKey }: EventProof): ProofResponse {
    return Object.assign(new ProofResponse(), {
      event: sealedFieldsOf(record),
      personal: personal && {
        ip_address: personal.ipAddress,
        user_agent: personal.userAgent,
        salt: Buffer.from(personal.salt).toString('base64'),
      },
      seal: payloadFieldsOf(seal.payload),
      signature: Buffer.from(seal.signature).toString('base64'),
      leaf_index: leafIndex,
      path: path.map(hexOf),
      public_key: publicKey,
    });
  }
}
