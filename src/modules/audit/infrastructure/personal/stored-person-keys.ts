import { Injectable } from '@nestjs/common';
import { Random } from '../../../../platform/crypto/random';
import { Database } from '../../../../platform/database/database';
import { PersonKeys } from '../../application/person-keys.port';
import { AuditSecret } from '../audit-secret';

type KeyRow = { readonly user_id: string; readonly seed: Buffer | null };

const SEED_BYTES = 32;
/** The id of no account. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Keys that are derived from the secret of the log and a random seed in the row of the person, which the database makes
 * together with the account: so nobody waits for a key that another is making (ADR 25). Without the seed there is no key.
 * None is remembered: that an account is known must not be told by a statement more or less.
 */
@Injectable()
export class StoredPersonKeys extends PersonKeys {
  constructor(
    private readonly database: Database,
    private readonly secret: AuditSecret,
    private readonly random: Random,
  ) {
    super();
  }

  async toSeal(person: string | null): Promise<Buffer | null> {
    const [row] = await this.rows([person ?? NOBODY]);
    if (person === null) return null;
    const { seed } = row ?? (await this.make(person));
    return seed && this.keyOf(person, seed);
  }

  async toOpen(persons: readonly string[]): Promise<ReadonlyMap<string, Buffer | null>> {
    if (persons.length === 0) return new Map();
    const rows = await this.rows(persons);
    return this.ofSeeds(new Map(rows.map(({ user_id: person, seed }) => [person, seed])));
  }

  async ofSeeds(seeds: ReadonlyMap<string, Buffer | null>): Promise<ReadonlyMap<string, Buffer | null>> {
    const keys = new Map<string, Buffer | null>();
    for (const [person, seed] of seeds) keys.set(person, seed && (await this.keyOf(person, seed)));
    return keys;
  }

  async destroy(person: string, now: Date): Promise<void> {
    await this.database.writer.query(
      `INSERT INTO audit_person_keys (user_id, seed, created_at, destroyed_at) VALUES ($1, NULL, $2, $2)
       ON CONFLICT (user_id) DO UPDATE SET seed = NULL, destroyed_at = $2
         WHERE audit_person_keys.destroyed_at IS NULL`,
      [person, now],
    );
  }

  /** Of who is no account. Somebody else may have made it meanwhile: theirs counts. */
  private async make(person: string): Promise<Pick<KeyRow, 'seed'>> {
    const seed = this.random.bytes(SEED_BYTES);
    await this.database.writer.query(
      `INSERT INTO audit_person_keys (user_id, seed, created_at) VALUES ($1, $2, $3) ON CONFLICT (user_id) DO NOTHING`,
      [person, seed, this.database.instant],
    );
    const [row] = await this.rows([person]);
    return row ?? { seed };
  }

  private rows(persons: readonly string[]): Promise<KeyRow[]> {
    return this.database.reader.query<KeyRow[]>(
      'SELECT user_id, seed FROM audit_person_keys WHERE user_id = ANY ($1)',
      [persons],
    );
  }

  /** In the place of another's, a seed makes a key that opens nothing. */
  private keyOf(person: string, seed: Buffer): Promise<Buffer> {
    return this.secret.derive(`person/${person}`, seed);
  }
}
