import { createHash, createPrivateKey, createPublicKey, createSecretKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Not } from 'typeorm';
import { TokenSettings } from '../../../../platform/config/settings';
import { SecretBox } from '../../../../platform/crypto/secret-box';
import { Database } from '../../../../platform/database/database';
import { BriefMemory } from '../../../../platform/memory/brief-memory';
import { Clock } from '../../../../platform/time/clock';
import type { PublicJwk } from '../../application/signing-keys/key-material.port';
import { type SigningKey, SigningKeys, type VerificationKey } from '../../application/signing-keys/signing-keys.port';
import { SigningKeyRow } from './signing-key.row';
import { sealContext } from './typeorm-key-rings';

type Rows = readonly SigningKeyRow[];

const KID = /^[A-Za-z0-9_-]{1,64}$/;
/** In the JWK set: the key that signs comes first, for clients that look no further. */
const ORDER = ['current', 'next', 'previous'];
/** Another replica may have made a key just now; but made-up key ids must not become a query each. */
const LOOK_AGAIN_MS = 100;
const ALL = 'all';

/** Keys in the database, private halves sealed; or, for HS256, the one secret of the settings. */
@Injectable()
export class StoredSigningKeys extends SigningKeys {
  private readonly shared: SigningKey | null;
  private readonly rows: BriefMemory<Rows>;
  private readonly freshRows: BriefMemory<Rows>;
  private readonly opened = new Map<string, SigningKey>();
  private readonly verifying = new Map<string, VerificationKey>();

  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    { algorithm, sharedSecret }: TokenSettings,
    clock: Clock,
  ) {
    super();
    this.shared = algorithm === 'HS256' ? sharedKey(sharedSecret ?? '') : null;
    this.rows = new BriefMemory(clock);
    this.freshRows = new BriefMemory(clock, LOOK_AGAIN_MS);
  }

  async current(): Promise<SigningKey> {
    if (this.shared) return this.shared;
    const row = (await this.known()).find(({ state }) => state === 'current');
    if (!row) throw new Error('There is no signing key: they were not prepared');
    return this.open(row);
  }

  async find(kid: string): Promise<VerificationKey | null> {
    if (!KID.test(kid)) return null;
    if (kid === this.shared?.kid) return this.shared;
    const row = named(kid, await this.known()) ?? named(kid, await this.lookAgain());
    return row ? this.verifier(row) : null;
  }

  async published(): Promise<readonly PublicJwk[]> {
    return this.shared ? [] : (await this.known()).map(({ publicJwk }) => publicJwk);
  }

  forget(): void {
    this.rows.forget(ALL);
    this.freshRows.forget(ALL);
  }

  private known(): Promise<Rows> {
    return this.ask(this.rows);
  }

  private lookAgain(): Promise<Rows> {
    return this.ask(this.freshRows);
  }

  private async ask(memory: BriefMemory<Rows>): Promise<Rows> {
    return (await memory.find({ key: ALL, subjects: [ALL], look: () => this.read() })) ?? [];
  }

  private async read(): Promise<Rows> {
    const rows = await this.database.reader.findBy(SigningKeyRow, { state: Not('retired') });
    return rows.sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state));
  }

  private open({ kid, algorithm, privateKeySealed }: SigningKeyRow): SigningKey {
    const known = this.opened.get(kid);
    if (known) return known;
    const der = this.box.open(privateKeySealed, sealContext(kid));
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const opened = { kid, algorithm, key };
    this.opened.set(kid, opened);
    return opened;
  }

  private verifier({ kid, algorithm, publicJwk }: SigningKeyRow): VerificationKey {
    const known = this.verifying.get(kid);
    if (known) return known;
    const made = { algorithm, key: createPublicKey({ key: { ...publicJwk }, format: 'jwk' }) };
    this.verifying.set(kid, made);
    return made;
  }
}

const named = (kid: string, rows: Rows): SigningKeyRow | undefined => rows.find((row) => row.kid === kid);

function sharedKey(secret: string): SigningKey {
  const kid = createHash('sha256').update('kid').update(secret).digest('base64url').slice(0, 16);
  return { kid, algorithm: 'HS256', key: createSecretKey(Buffer.from(secret)) };
}
