import { Injectable } from '@nestjs/common';
import { Random } from '../../../../platform/crypto/random';
import { SealBroken, SecretBox } from '../../../../platform/crypto/secret-box';
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

  /** Throws SealBroken when the key was sealed under another MASTER_KEY, or for somebody else. */
  async toSeal(person: string): Promise<Buffer | null> {
    const remembered = this.sealing.get(person);
    if (remembered) return remembered;
    const [row] = await this.rows([person]);
    return this.remember(person, row ? this.open(row) : await this.make(person));
  }

  async toOpen(persons: readonly string[]): Promise<ReadonlyMap<string, Buffer | null>> {
    if (persons.length === 0) return new Map();
    const opened = (await this.rows(persons)).map((row) => [row.user_id, this.openedOrNone(row)] as const);
    return new Map(opened.filter((entry): entry is readonly [string, Buffer | null] => entry[1] !== undefined));
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
    const [row] = await this.rows([person]);
    return row ? this.open(row) : null;
  }

  private rows(persons: readonly string[]): Promise<KeyRow[]> {
    return this.database.reader.query<KeyRow[]>(
      'SELECT user_id, sealed_key FROM audit_person_keys WHERE user_id = ANY ($1)',
      [persons],
    );
  }

  private open({ user_id: person, sealed_key: sealed }: KeyRow): Buffer | null {
    return sealed && this.box.open(sealed, contextOf(person));
  }

  /** undefined: it does not open. What one key was made of keeps nobody from reading the rest. */
  private openedOrNone(row: KeyRow): Buffer | null | undefined {
    try {
      return this.open(row);
    } catch (error) {
      if (error instanceof SealBroken) return undefined;
      throw error;
    }
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
