import { Injectable } from '@nestjs/common';
import { Database } from '../../../../platform/database/database';
import { type NewestSeal, Seals } from '../../application/seals/seals.port';
import type { Seal } from '../../domain/seals/seal';
import { leavesOf } from '../lines/seal-lines';
import { instant } from '../stored-event';

const TURN = 'doorward/audit-seal';

type SealRow = {
  readonly number: string;
  readonly previous: Buffer;
  readonly hash: Buffer;
  readonly month: string;
  readonly first_sequence: string;
  readonly last_sequence: string;
  readonly events: number;
  readonly sequences: readonly number[];
  readonly sequences_hash: Buffer;
  readonly leaves: Buffer;
  readonly root: Buffer;
  readonly tenants: Readonly<Record<string, number>>;
  readonly tenants_hash: Buffer;
  readonly foreign_sequences: readonly number[];
  readonly unsigned: number;
  readonly sealed_at: string;
  readonly key_id: string;
  readonly signature: Buffer;
};

const SEAL = `number, previous, hash, month::text, first_sequence, last_sequence, events, to_json(sequences) AS sequences,
  sequences_hash, leaves, root, tenants, tenants_hash, to_json(foreign_sequences) AS foreign_sequences, unsigned,
  ${instant('sealed_at')} AS sealed_at, key_id, signature`;

@Injectable()
export class SqlSeals extends Seals {
  constructor(private readonly database: Database) {
    super();
  }

  async takeTurn(): Promise<boolean> {
    const [row] = await this.database.writer.query<{ mine: boolean }[]>(
      'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS mine',
      [TURN],
    );
    return row?.mine ?? false;
  }

  async newest(): Promise<NewestSeal | null> {
    const [row] = await this.database.reader.query<SealRow[]>(
      `SELECT number, hash, last_sequence, ${instant('sealed_at')} AS sealed_at, key_id FROM audit_seals
       ORDER BY number DESC LIMIT 1`,
    );
    if (!row) return null;
    const { number, hash, last_sequence: last, sealed_at: sealedAt, key_id: keyId } = row;
    return { number: Number(number), hash: hash.toString('hex'), lastSequence: Number(last), sealedAt, keyId };
  }

  async add({ payload, hash, signature, sequences, leaves, tenants }: Seal): Promise<void> {
    await this.database.writer.query(
      `INSERT INTO audit_seals (number, previous, hash, month, first_sequence, last_sequence, events, sequences,
                                sequences_hash, leaves, root, tenants, tenants_hash, foreign_sequences, unsigned,
                                sealed_at, key_id, signature)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
      [
        payload.number,
        Buffer.from(payload.previous, 'hex'),
        Buffer.from(hash, 'hex'),
        payload.month,
        payload.firstSequence,
        payload.lastSequence,
        payload.events,
        sequences,
        Buffer.from(payload.sequencesHash, 'hex'),
        Buffer.concat(leaves),
        Buffer.from(payload.root, 'hex'),
        JSON.stringify(tenants),
        Buffer.from(payload.tenantsHash, 'hex'),
        payload.foreignSequences,
        payload.unsigned,
        payload.sealedAt,
        payload.keyId,
        Buffer.from(signature),
      ],
    );
  }

  async find(number: number): Promise<Seal | null> {
    const [seal] = await this.read('number = $1', [number]);
    return seal ?? null;
  }

  after(number: number, most: number): Promise<readonly Seal[]> {
    return this.read('number > $1 ORDER BY number LIMIT $2', [number, most]);
  }

  async spanOf(month: string): Promise<{ readonly first: number; readonly last: number } | null> {
    const [row] = await this.database.reader.query<{ first: string | null; last: string | null }[]>(
      'SELECT min(number) AS first, max(number) AS last FROM audit_seals WHERE month = $1',
      [month],
    );
    return row?.first && row.last ? { first: Number(row.first), last: Number(row.last) } : null;
  }

  async holding(sequence: number): Promise<Seal | null> {
    const [seal] = await this.read('last_sequence >= $1 ORDER BY last_sequence LIMIT 1', [sequence]);
    return seal?.sequences.includes(sequence) ? seal : null;
  }

  private async read(which: string, values: readonly number[]): Promise<readonly Seal[]> {
    const rows = await this.database.reader.query<SealRow[]>(`SELECT ${SEAL} FROM audit_seals WHERE ${which}`, [
      ...values,
    ]);
    return rows.map(sealOf);
  }
}

function sealOf(row: SealRow): Seal {
  return {
    payload: {
      number: Number(row.number),
      previous: row.previous.toString('hex'),
      month: row.month,
      firstSequence: Number(row.first_sequence),
      lastSequence: Number(row.last_sequence),
      events: row.events,
      sequencesHash: row.sequences_hash.toString('hex'),
      root: row.root.toString('hex'),
      tenantsHash: row.tenants_hash.toString('hex'),
      foreignSequences: row.foreign_sequences,
      unsigned: row.unsigned,
      sealedAt: row.sealed_at,
      keyId: row.key_id,
    },
    hash: row.hash.toString('hex'),
    signature: row.signature,
    sequences: row.sequences,
    leaves: leavesOf(row.leaves),
    tenants: row.tenants,
  };
}
