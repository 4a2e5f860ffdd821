import { createHash, createPrivateKey, createPublicKey, createSecretKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { TokenSettings } from '../../../platform/config/settings';
import { SecretBox } from '../../../platform/crypto/secret-box';
import { Database } from '../../../platform/database/database';
import { EventLog } from '../../../platform/events/event-log';
import { Clock } from '../../../platform/time/clock';
import { type PublicJwk, SigningKeys, type VerificationKey } from '../application/signing-keys.port';
import { signingKeyMade, signingKeyRestored } from '../tokens.events';
import { type AsymmetricAlgorithm, importKeyPair, type KeyPair, makeKeyPair } from './key-pairs';
import { SigningKeyRow } from './signing-key.row';

export type CurrentKey = VerificationKey & { readonly kid: string };

/** Made-up key ids must not become a query each. */
const LOOK_AGAIN_AFTER_MS = 1_000;
const KID = /^[A-Za-z0-9_-]{1,64}$/;
const boxContext = (kid: string): string => `signing_keys/${kid}`;

/** Keys in the database, private halves sealed; or, for HS256, the one secret of the settings. */
@Injectable()
export class StoredSigningKeys extends SigningKeys {
  private signing: CurrentKey | undefined;
  private lookedAt = 0;
  private looking: Promise<void> | undefined;
  private readonly known = new Map<string, VerificationKey>();

  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly events: EventLog,
    private readonly settings: TokenSettings,
    private readonly clock: Clock,
  ) {
    super();
  }

  async prepare(): Promise<void> {
    const { algorithm, sharedSecret, privateKey } = this.settings;
    if (algorithm === 'HS256') {
      this.use(sharedKey(sharedSecret ?? ''));
      return;
    }
    const imported = privateKey === undefined ? null : await importKeyPair(privateKey, algorithm);
    const row =
      (await this.storedCurrent(algorithm, imported)) ??
      (await this.store(imported ?? (await makeKeyPair(algorithm)), algorithm));
    const opened = createPrivateKey({
      key: this.box.open(row.privateKeySealed, boxContext(row.kid)),
      format: 'der',
      type: 'pkcs8',
    });
    this.signing = { kid: row.kid, algorithm, key: opened };
    await this.load();
  }

  async publicKeys(): Promise<readonly PublicJwk[]> {
    if (this.settings.algorithm === 'HS256') return [];
    const rows = await this.database.reader.find(SigningKeyRow, { order: { createdAt: 'DESC' } });
    return rows.map(({ publicJwk }) => publicJwk);
  }

  /** The key to sign with. Throws before `prepare` has run. */
  get current(): CurrentKey {
    if (!this.signing) throw new Error('Signing keys were not prepared');
    return this.signing;
  }

  /** The key of that id, looked up again when it is unknown: another replica may have made it since. */
  async find(kid: string): Promise<VerificationKey | null> {
    if (!KID.test(kid)) return null;
    if (!this.known.has(kid)) await this.lookAgain();
    return this.known.get(kid) ?? null;
  }

  /** One look for all who wait for it; a look that failed is no answer, and is thrown. */
  private lookAgain(): Promise<void> {
    const now = this.clock.now().getTime();
    const isRecent = now - this.lookedAt < LOOK_AGAIN_AFTER_MS;
    if (this.settings.algorithm === 'HS256' || (isRecent && !this.looking)) return Promise.resolve();
    this.looking ??= this.load()
      .then(() => {
        this.lookedAt = now;
      })
      .finally(() => {
        this.looking = undefined;
      });
    return this.looking;
  }

  private async load(): Promise<void> {
    for (const { kid, algorithm, publicJwk } of await this.database.reader.find(SigningKeyRow)) {
      const key = createPublicKey({ key: { ...publicJwk }, format: 'jwk' });
      this.known.set(kid, { algorithm: algorithm as AsymmetricAlgorithm, key });
    }
  }

  private use(key: CurrentKey): void {
    this.signing = key;
    this.known.set(key.kid, key);
  }

  private storedCurrent(algorithm: AsymmetricAlgorithm, imported: KeyPair | null): Promise<SigningKeyRow | null> {
    const wanted = imported ? { kid: imported.jwk.kid } : {};
    return this.database.reader.findOneBy(SigningKeyRow, { ...wanted, algorithm, state: 'current' });
  }

  /** One process stores; the others, waiting behind it, use what it stored. */
  private store({ privateKey, jwk }: KeyPair, algorithm: AsymmetricAlgorithm): Promise<SigningKeyRow> {
    return this.database.runAlone('signing-keys', async (now) => {
      const imported = this.settings.privateKey === undefined ? null : { privateKey, jwk };
      const stored = await this.storedCurrent(algorithm, imported);
      if (stored) return stored;
      await this.database.writer.update(SigningKeyRow, { state: 'current' }, { state: 'previous' });
      const known = await this.database.reader.findOneBy(SigningKeyRow, { kid: jwk.kid });
      return known ? this.restore(known) : this.insert({ privateKey, jwk }, algorithm, now);
    });
  }

  /** A key somebody brings back after another one was current. */
  private async restore(row: SigningKeyRow): Promise<SigningKeyRow> {
    await this.database.writer.update(SigningKeyRow, { kid: row.kid }, { state: 'current' });
    await this.events.append(signingKeyRestored(row.kid, row.algorithm));
    return Object.assign(row, { state: 'current' as const });
  }

  private async insert({ privateKey, jwk }: KeyPair, algorithm: string, now: Date): Promise<SigningKeyRow> {
    const { kid } = jwk;
    const sealed = this.box.seal(privateKey.export({ format: 'der', type: 'pkcs8' }), boxContext(kid));
    const row: SigningKeyRow = {
      kid,
      algorithm,
      publicJwk: jwk,
      privateKeySealed: sealed,
      state: 'current',
      createdAt: now,
    };
    await this.database.writer.insert(SigningKeyRow, row);
    await this.events.append(signingKeyMade(kid, algorithm));
    return row;
  }
}

function sharedKey(secret: string): CurrentKey {
  const kid = createHash('sha256').update('kid').update(secret).digest('base64url').slice(0, 16);
  return { kid, algorithm: 'HS256', key: createSecretKey(Buffer.from(secret)) };
}
