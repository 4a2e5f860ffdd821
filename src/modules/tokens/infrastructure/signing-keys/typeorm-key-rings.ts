import { Injectable } from '@nestjs/common';
import { Not } from 'typeorm';
import { SecretBox } from '../../../../platform/crypto/secret-box';
import { Database } from '../../../../platform/database/database';
import type { KeyMaterial } from '../../application/signing-keys/key-material.port';
import { KeyRings } from '../../application/signing-keys/key-rings.port';
import { KeyRing, type SigningKeyState } from '../../domain/signing-keys/key-ring';
import { SigningKeyRow } from './signing-key.row';

/** Binds a sealed private key to its row: in the place of another key it does not open. */
export const sealContext = (kid: string): string => `signing_keys/${kid}`;

const NOTHING = Buffer.alloc(0);

@Injectable()
export class TypeOrmKeyRings extends KeyRings {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {
    super();
  }

  async find(): Promise<KeyRing> {
    return KeyRing.restore((await this.database.reader.find(SigningKeyRow)).map(stateOf));
  }

  /** A lock of its own, for an empty table has no row to hold. */
  take(): Promise<KeyRing> {
    return this.database.runAlone('signing-keys', () => this.find());
  }

  async save(ring: KeyRing, material: readonly KeyMaterial[]): Promise<void> {
    for (const { after } of ring.changes()) {
      const made = material.find(({ kid }) => kid === after.kid);
      if (made) await this.store(after, made);
      else await this.update(after);
    }
  }

  async assertReadable(): Promise<void> {
    const stored = await this.database.reader.findBy(SigningKeyRow, { state: Not('retired') });
    for (const { kid, privateKeySealed } of stored) this.box.open(privateKeySealed, sealContext(kid));
  }

  private async store(state: SigningKeyState, { jwk, algorithm, privateKey }: KeyMaterial): Promise<void> {
    const whole = privateKey.export({ format: 'der', type: 'pkcs8' });
    const privateKeySealed = this.box.seal(whole, sealContext(state.kid));
    await this.database.writer.save(SigningKeyRow, { ...state, algorithm, publicJwk: jwk, privateKeySealed });
  }

  private async update({ kid, state, publishedAt, ...rest }: SigningKeyState): Promise<void> {
    const { takesOverAt, activatedAt, retiresAt, brought } = rest;
    const change = { state, publishedAt, takesOverAt, activatedAt, retiresAt, brought };
    // Nobody signs with a retired key again, whoever gets hold of the database and the master key.
    const destroyed = state === 'retired' ? { privateKeySealed: NOTHING } : {};
    await this.database.writer.update(SigningKeyRow, { kid }, { ...change, ...destroyed });
  }
}

function stateOf(row: SigningKeyRow): SigningKeyState {
  const { kid, algorithm, brought, state, createdAt, publishedAt, takesOverAt, activatedAt, retiresAt } = row;
  return { kid, algorithm, brought, state, createdAt, publishedAt, takesOverAt, activatedAt, retiresAt };
}
