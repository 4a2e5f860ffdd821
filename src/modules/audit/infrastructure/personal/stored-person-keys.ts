import { Injectable } from '@nestjs/common';
import { Random } from '../../../../platform/crypto/random';
import { SecretBox } from '../../../../platform/crypto/secret-box';
import { Database } from '../../../../platform/database/database';
import { PersonKeys } from '../../application/person-keys.port';

type KeyRow = { readonly user_id: string; readonly sealed_key: Buffer | null };

const KEY_BYTES = 32;
/** Persons who act are few at a time. */
const REMEMBERED = 10_000;

const contextOf = (person: string): string => `audit_person_keys/${person}`;

/**
 * Keys in the database, each in a secret box. Those to seal with are remembered: what is sealed with one that is destroyed
 * meanwhile is as unreadable as the rest. Those to open with are looked up each time.
 */
@Injectable()
export class StoredPersonKeys extends PersonKeys {
  private readonly sealing = new Map<string, Buffer>();

  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly random: Random,
  ) {
    super();
  }

  async toSeal(person: string): Promise<Buffer | null> {
    const remembered = this.sealing.get(person);
    if (remembered) return remembered;
    const key = (await this.toOpen([person])).get(person);
    if (key !== undefined) return this.remember(person, key);
    return this.remember(person, await this.make(person));
  }

  async toOpen(persons: readonly string[]): Promise<ReadonlyMap<string, Buffer | null>> {
    if (persons.length === 0) return new Map();
    const rows = await this.database.reader.query<KeyRow[]>(
      'SELECT user_id, sealed_key FROM audit_person_keys WHERE user_id = ANY ($1)',
      [persons],
    );
    return new Map(rows.map((row) => [row.user_id, this.open(row)]));
  }

  async destroy(person: string, now: Date): Promise<void> {
    await this.database.writer.query(
      `INSERT INTO audit_person_keys (user_id, sealed_key, created_at, destroyed_at) VALUES ($1, NULL, $2, $2)
       ON CONFLICT (user_id) DO UPDATE SET sealed_key = NULL, destroyed_at = $2
         WHERE audit_person_keys.destroyed_at IS NULL`,
      [person, now],
    );
    this.database.afterCommit(() => this.sealing.delete(person));
  }

  /** Somebody else may have made it meanwhile: theirs counts. */
  private async make(person: string): Promise<Buffer | null> {
    const made = this.box.seal(this.random.bytes(KEY_BYTES), contextOf(person));
    await this.database.writer.query(
      `INSERT INTO audit_person_keys (user_id, sealed_key, created_at) VALUES ($1, $2, $3) ON CONFLICT (user_id) DO NOTHING`,
      [person, made, this.database.instant],
    );
    return (await this.toOpen([person])).get(person) ?? null;
  }

  private open({ user_id: person, sealed_key: sealed }: KeyRow): Buffer | null {
    return sealed && this.box.open(sealed, contextOf(person));
  }

  /** Only what is committed: a key that is rolled back would open nothing. */
  private remember(person: string, key: Buffer | null): Buffer | null {
    this.database.afterCommit(() => {
      if (key === null) return;
      const [oldest] = this.sealing.size >= REMEMBERED ? this.sealing.keys() : [];
      if (oldest !== undefined) this.sealing.delete(oldest);
      this.sealing.set(person, key);
    });
    return key;
  }
}
