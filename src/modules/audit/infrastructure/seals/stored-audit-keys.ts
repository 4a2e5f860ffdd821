import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SealBroken, SecretBox } from '../../../../platform/crypto/secret-box';
import { sha256Of } from '../../../../platform/crypto/sha256';
import { Database } from '../../../../platform/database/database';
import { type AuditKey, AuditKeys, type AuditSigningKey } from '../../application/seals/audit-keys.port';

type KeyRow = { readonly id: string; readonly public_key: Buffer; readonly private_key_sealed: Buffer };

const ID_LENGTH = 32;
const KEY = 'SELECT id, public_key, private_key_sealed FROM audit_keys';

/** Binds a sealed private key to its row: in the place of another key it does not open. */
const contextOf = (id: string): string => `audit_keys/${id}`;

@Injectable()
export class StoredAuditKeys extends AuditKeys {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {
    super();
  }

  async toSign(): Promise<AuditSigningKey> {
    const rows = await this.rows('ORDER BY created_at DESC, id');
    for (const row of rows) {
      const key = this.ours(row);
      if (key !== null) return key;
    }
    // Another key in the place of all of ours would make a chain that nobody could tell from a forged one.
    if (rows.length > 0) throw new SealBroken('No audit key opens with this MASTER_KEY');
    return this.make();
  }

  async find(id: string): Promise<AuditKey | null> {
    const [row] = await this.rows('WHERE id = $1', [id]);
    const key = row && this.ours(row);
    return key ? publicHalfOf(key) : null;
  }

  async list(): Promise<readonly AuditKey[]> {
    const rows = await this.rows('ORDER BY created_at DESC, id');
    return rows
      .map((row) => this.ours(row))
      .filter((key) => key !== null)
      .map(publicHalfOf);
  }

  /** Where two are made at once, both stay: seals signed by either are good. */
  private async make(): Promise<AuditSigningKey> {
    const { privateKey } = generateKeyPairSync('ed25519');
    const key = signingKeyOf(privateKey);
    const sealed = this.box.seal(privateKey.export({ format: 'der', type: 'pkcs8' }), contextOf(key.id));
    await this.database.writer.query(
      'INSERT INTO audit_keys (id, public_key, private_key_sealed, created_at) VALUES ($1, $2, $3, $4)',
      [key.id, derOf(createPublicKey(privateKey)), sealed, this.database.instant],
    );
    return key;
  }

  private ours(row: KeyRow): AuditSigningKey | null {
    try {
      return this.opened(row);
    } catch (error) {
      if (error instanceof SealBroken) return null;
      throw error;
    }
  }

  /** Throws SealBroken also where the two halves do not belong together. */
  private opened(row: KeyRow): AuditSigningKey {
    const der = this.box.open(row.private_key_sealed, contextOf(row.id));
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    if (!derOf(createPublicKey(key)).equals(row.public_key)) throw new SealBroken('The audit key was altered');
    return signingKeyOf(key);
  }

  private rows(which: string, values: readonly string[] = []): Promise<readonly KeyRow[]> {
    return this.database.reader.query<KeyRow[]>(`${KEY} ${which}`, [...values]);
  }
}

function publicHalfOf({ id, publicKey, verifies }: AuditSigningKey): AuditKey {
  return { id, publicKey, verifies };
}

/** A key from its public half, in PEM, for whoever has nothing else. Throws for what is none (Ed25519). */
export function auditKeyOf(pem: string): AuditKey {
  const key = createPublicKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('The public key is not of the kind seals are signed with');
  return verifyingKeyOf(key);
}

function signingKeyOf(key: KeyObject): AuditSigningKey {
  return { ...verifyingKeyOf(createPublicKey(key)), sign: (bytes) => sign(null, bytes, key) };
}

function verifyingKeyOf(key: KeyObject): AuditKey {
  return {
    id: sha256Of(derOf(key)).toString('hex').slice(0, ID_LENGTH),
    publicKey: key.export({ format: 'pem', type: 'spki' }).toString(),
    verifies: (bytes, signature) => verify(null, bytes, key, signature),
  };
}

function derOf(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' });
}
